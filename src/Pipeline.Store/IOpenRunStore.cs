using Pipeline.Engine.Ports;

namespace Pipeline.Store;

/// <summary>A store on an open file or on connections to a database, given back when disposed of.</summary>
public interface IOpenRunStore : IRunStore, IDisposable;
