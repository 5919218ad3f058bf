namespace OurTorrent.Tracker.Redis;

/// <summary>Says what is wrong with Redis so that its operator knows what to do, without what may be secret in its configuration.</summary>
internal static class RedisFault
{
    public static SwarmStoreException Describe(ConfigurationOptions configuration, Exception fault)
    {
        string server = string.Join(',', configuration.EndPoints.Select(static endPoint => endPoint.ToString()?.Replace("Unspecified/", "", StringComparison.Ordinal)));
        string message = fault switch
        {
            RedisServerException => $"Redis at {server} does not take what it is sent: {fault.Message}",
            TimeoutException => $"Redis at {server} does not answer within {configuration.AsyncTimeout} ms.",
            RedisConnectionException { FailureType: ConnectionFailureType.AuthenticationFailure } =>
                $"Redis at {server} refuses the user or the password.",
            _ => $"Redis at {server} cannot be reached. Is it running, and is the address right?",
        };
        return new SwarmStoreException(message, fault);
    }
}
