namespace OurTorrent.Interop.Contents;

/// <summary>A file to be shared.</summary>
/// <param name="Path">Where it is under the folder of the content, with slashes; empty for content that is one file.</param>
/// <param name="Bytes">What is in it.</param>
internal sealed record ContentFile(string Path, byte[] Bytes);
