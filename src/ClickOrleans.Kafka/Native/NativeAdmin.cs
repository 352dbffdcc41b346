using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using Confluent.Kafka;
using Microsoft.Extensions.Logging;

namespace ClickOrleans.Kafka.Native;

/// <summary>A librdkafka client that asks a cluster about topics and offsets. Questions do not wait for each other.</summary>
internal sealed unsafe class NativeAdmin : IDisposable
{
    private readonly Lock _gate = new();
    private readonly Dictionary<nint, Question> _open = [];
    private readonly NativeClient _client;
    private readonly nint _queue;
    private GCHandle _self;
    private nint _lastId;
    private bool _closed;
    private TaskCompletionSource? _idle;

    public NativeAdmin(IEnumerable<KeyValuePair<string, string>> properties, ILogger logger)
    {
        _client = new(LibrdkafkaAdmin.Producer, properties, logger);
        _queue = Librdkafka.NewQueue(_client.Handle);
        _self = GCHandle.Alloc(this);
        LibrdkafkaAdmin.OnArrival(_queue, &Arrived, GCHandle.ToIntPtr(_self));
    }

    /// <exception cref="KafkaException">No answer within the timeout, or an error.</exception>
    public Task<TopicState> DescribeAsync(string topic, TimeSpan timeout) => AskAsync(
        LibrdkafkaAdmin.DescribeTopicsOperation, timeout, NativeAnswers.Topic, options =>
        {
            fixed (byte* name = Encoding.UTF8.GetBytes(topic + '\0'))
            {
                var names = LibrdkafkaAdmin.NewTopicNames(&name, 1);
                LibrdkafkaAdmin.DescribeTopics(_client.Handle, names, options, _queue);
                LibrdkafkaAdmin.DestroyTopicNames(names);
            }
        });

    /// <param name="which"><see cref="LibrdkafkaAdmin.Earliest"/> or <see cref="LibrdkafkaAdmin.Latest"/>.</param>
    /// <param name="isolation">
    /// The latest is the last stable offset with <see cref="LibrdkafkaAdmin.ReadCommitted"/>, otherwise the high watermark.
    /// </param>
    /// <exception cref="KafkaException">No answer within the timeout, or an error.</exception>
    public Task<IReadOnlyList<ListedOffset>> ListOffsetsAsync(
        string topic, IReadOnlyCollection<int> partitions, long which, int isolation, TimeSpan timeout) => AskAsync(
        LibrdkafkaAdmin.ListOffsetsOperation, timeout, NativeAnswers.Offsets, options =>
        {
            _ = LibrdkafkaAdmin.SetIsolationLevel(options, isolation);
            var list = LibrdkafkaAdmin.NewPartitions(partitions.Count);
            foreach (var partition in partitions)
            {
                LibrdkafkaAdmin.AddPartition(list, topic, partition)->Offset = which;
            }

            LibrdkafkaAdmin.ListOffsets(_client.Handle, list, options, _queue);
            LibrdkafkaAdmin.DestroyPartitions(list);
        });

    /// <returns>Whether the topic was made: false where one of its name is there.</returns>
    /// <exception cref="KafkaException">No answer within the timeout, or an error.</exception>
    public Task<bool> CreateAsync(
        string topic, int partitions, int replicas, IReadOnlyDictionary<string, string> configuration, TimeSpan timeout) =>
        AskAsync(
        LibrdkafkaAdmin.CreateTopicsOperation, timeout, NativeAnswers.Created, options =>
        {
            _ = LibrdkafkaAdmin.SetOperationTimeout(options, (int)timeout.TotalMilliseconds, null, 0);
            var error = stackalloc byte[NativeConfiguration.ErrorSize];
            var made = LibrdkafkaAdmin.NewTopic(topic, partitions, replicas, error, NativeConfiguration.ErrorSize);
            if (made == 0)
            {
                throw new KafkaException(new Error(ErrorCode.Local_InvalidArg, Marshal.PtrToStringUTF8((nint)error)));
            }

            foreach (var (name, value) in configuration)
            {
                _ = LibrdkafkaAdmin.SetTopicConfiguration(made, name, value);
            }

            LibrdkafkaAdmin.CreateTopics(_client.Handle, &made, 1, options, _queue);
            LibrdkafkaAdmin.DestroyNewTopic(made);
        });

    /// <summary>Ends when no question is open.</summary>
    public Task WaitUntilIdleAsync()
    {
        lock (_gate)
        {
            _idle ??= new(TaskCreationOptions.RunContinuationsAsynchronously);
            return _open.Count == 0 ? Task.CompletedTask : _idle.Task;
        }
    }

    /// <summary>Fails the open questions and waits for librdkafka's threads.</summary>
    public void Dispose()
    {
        List<Question> open;
        lock (_gate)
        {
            if (_closed)
            {
                return;
            }

            _closed = true;
            LibrdkafkaAdmin.OnArrival(_queue, null, 0);
            Librdkafka.DestroyQueue(_queue);
            open = [.. _open.Values];
            _open.Clear();
        }

        var closed = new KafkaException(new Error(ErrorCode.Local_Destroy, "The client was closed."));
        open.ForEach(question => question.Fail(closed));
        _client.Dispose();
        _self.Free();
    }

    private Task<T> AskAsync<T>(int operation, TimeSpan timeout, Func<nint, T> read, Action<nint> send)
    {
        var answer = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_closed, this);

            // Runs what librdkafka has put aside for the application's thread, such as a token's renewal.
            _ = Librdkafka.Poll(_client.Handle, 0);
            var options = LibrdkafkaAdmin.NewOptions(_client.Handle, operation);
            try
            {
                _ = LibrdkafkaAdmin.SetRequestTimeout(options, (int)timeout.TotalMilliseconds, null, 0);
                LibrdkafkaAdmin.SetOpaque(options, ++_lastId);
                send(options);
                _open[_lastId] = new(found => answer.SetResult(read(found)), failure => answer.TrySetException(failure));
            }
            finally
            {
                LibrdkafkaAdmin.DestroyOptions(options);
            }
        }

        return answer.Task;
    }

    private void TakeAnswers()
    {
        lock (_gate)
        {
            nint answer;
            while (!_closed && (answer = LibrdkafkaAdmin.PollQueue(_queue, 0)) != 0)
            {
                Take(answer);
            }

            if (_open.Count == 0)
            {
                _idle?.TrySetResult();
            }
        }
    }

    private void Take(nint answer)
    {
        try
        {
            if (_open.Remove(LibrdkafkaAdmin.EventOpaque(answer), out var question))
            {
                question.Answer(answer);
            }
        }
        finally
        {
            LibrdkafkaAdmin.DestroyEvent(answer);
        }
    }

    /// <summary>Runs on a thread of librdkafka's, which must not be held up, nor call librdkafka.</summary>
    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Arrived(nint client, nint admin) => ThreadPool.UnsafeQueueUserWorkItem(
        static self => self.TakeAnswers(), (NativeAdmin)GCHandle.FromIntPtr(admin).Target!, preferLocal: false);

    private sealed class Question(Action<nint> read, Action<Exception> fail)
    {
        public void Answer(nint answer)
        {
            try
            {
                NativeAnswers.ThrowIfFailed(answer);
                read(answer);
            }
            catch (Exception exception)
            {
                Fail(exception);
            }
        }

        public void Fail(Exception failure) => fail(failure);
    }
}
