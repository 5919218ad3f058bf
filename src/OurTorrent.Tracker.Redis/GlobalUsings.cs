global using System.Buffers.Binary;
global using System.Globalization;
global using OurTorrent.Protocol;
global using OurTorrent.Protocol.Trackers;
global using OurTorrent.Tracker.Swarms;
global using StackExchange.Redis;
