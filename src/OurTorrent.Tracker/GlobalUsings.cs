global using System.Buffers.Binary;
global using System.Net;
global using OurTorrent.Protocol;
global using OurTorrent.Protocol.Trackers;
