global using System.Buffers;
global using System.Buffers.Binary;
global using System.Diagnostics.CodeAnalysis;
global using System.Globalization;
global using System.Text;
