namespace OurTorrent.Protocol.Metainfo;

/// <summary>
/// The paths a torrent's files take up, as a tree: sees to it that no two files share one, also where upper and lower case
/// are the same, and that no file is another's directory. Files come in the torrent's order and the first keeps its name,
/// so that the outcome is the same everywhere.
/// </summary>
internal sealed class ContentPathTree
{
    private readonly Node _root = new("", isFile: false);
    private readonly ExactNode _exactRoot = new();

    /// <summary>Finds the path of the next file.</summary>
    /// <param name="names">Safe names, at least one.</param>
    public string[] Add(IReadOnlyList<string> names)
    {
        var path = new string[names.Count];
        Node node = _root;
        for (int i = 0; i < names.Count; i++)
        {
            node = i < names.Count - 1 ? node.Directory(names[i]) : node.NewFile(names[i]);
            path[i] = node.Name;
        }

        return path;
    }

    /// <summary>Claims the exact spelling of a path; to be asked after all of <see cref="Add"/>'s are claimed in the same way.</summary>
    /// <param name="names">The names as they would be on disk.</param>
    /// <returns>Whether no other file has it and no file is in its way.</returns>
    public bool TryClaimExact(IReadOnlyList<string> names)
    {
        ExactNode node = _exactRoot;
        foreach (string name in names)
        {
            if (node.IsFile)
                return false;

            node = node.Child(name);
        }

        if (node.IsFile || node.HasChildren)
            return false;

        node.IsFile = true;
        return true;
    }

    private sealed class Node(string name, bool isFile)
    {
        private Dictionary<string, Node>? _children;
        private Dictionary<string, int>? _lastNumbers;
        private Dictionary<string, Node>? _movedDirectories;

        public string Name { get; } = name;

        private bool IsFile { get; } = isFile;

        public Node Directory(string name)
        {
            if (_movedDirectories is not null && _movedDirectories.TryGetValue(name, out Node? moved))
                return moved;
            if (Find(name) is not { } there)
                return AddChild(name, isFile: false);
            if (!there.IsFile)
                return there;

            // A file has the name: all that belongs under it goes to one other directory.
            Node directory = AddChild(FreeName(name), isFile: false);
            _movedDirectories ??= new Dictionary<string, Node>(StringComparer.OrdinalIgnoreCase);
            _movedDirectories.Add(name, directory);
            return directory;
        }

        public Node NewFile(string name) => AddChild(Find(name) is null ? name : FreeName(name), isFile: true);

        private Node? Find(string name) => _children?.GetValueOrDefault(name);

        private Node AddChild(string name, bool isFile)
        {
            var child = new Node(name, isFile);
            _children ??= new Dictionary<string, Node>(StringComparer.OrdinalIgnoreCase);
            _children.Add(name, child);
            return child;
        }

        private string FreeName(string name)
        {
            // The last number is kept, else n files of one name would cost n squared; kept under what is left of the name
            // beside the longest number, else n long names that differ only in their last letters would.
            _lastNumbers ??= new Dictionary<string, int>(StringComparer.OrdinalIgnoreCase);
            string key = ContentPath.Number(name, int.MaxValue);
            int number = _lastNumbers.GetValueOrDefault(key, 1);
            string free;
            do
                free = ContentPath.Number(name, ++number);
            while (Find(free) is not null);

            _lastNumbers[key] = number;
            return free;
        }
    }

    private sealed class ExactNode
    {
        private Dictionary<string, ExactNode>? _children;

        public bool IsFile { get; set; }

        public bool HasChildren => _children is not null;

        public ExactNode Child(string name)
        {
            _children ??= new Dictionary<string, ExactNode>(StringComparer.Ordinal);
            if (!_children.TryGetValue(name, out ExactNode? child))
            {
                child = new ExactNode();
                _children.Add(name, child);
            }

            return child;
        }
    }
}
