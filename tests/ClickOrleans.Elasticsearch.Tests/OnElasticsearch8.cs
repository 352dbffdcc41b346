using ClickOrleans.Elasticsearch.Tests.Faults;

namespace ClickOrleans.Elasticsearch.Tests;

// The suites that run on every supported version of Elasticsearch, here on 8.19.

public sealed class ConformanceOnElasticsearch8(Elasticsearch8Server server) : ElasticsearchIndexConformance(server);

public sealed class IndexLifeOnElasticsearch8(Elasticsearch8Server server) : IndexLifecycleTests(server);

public sealed class RebuildOnElasticsearch8(Elasticsearch8Server server) : RebuildTests(server);

public sealed class KillOnElasticsearch8(Elasticsearch8Server server) : KillTests(server);

public sealed class MisbehavingProxyOnElasticsearch8(Elasticsearch8Server server) : MisbehavingProxyTests(server);

public sealed class SetupFaultsOnElasticsearch8(Elasticsearch8Server server) : SetupFaultTests(server);

public sealed class AlteredIndexOnElasticsearch8(Elasticsearch8Server server) : AlteredIndexTests(server);
