using ClickOrleans.Elasticsearch.Tests.Faults;

namespace ClickOrleans.Elasticsearch.Tests;

// The suites that run on every supported version of Elasticsearch, here on 9.

public sealed class ConformanceOnElasticsearch9(Elasticsearch9Server server) : ElasticsearchIndexConformance(server);

public sealed class IndexLifeOnElasticsearch9(Elasticsearch9Server server) : IndexLifecycleTests(server);

public sealed class RebuildOnElasticsearch9(Elasticsearch9Server server) : RebuildTests(server);

public sealed class KillOnElasticsearch9(Elasticsearch9Server server) : KillTests(server);

public sealed class MisbehavingProxyOnElasticsearch9(Elasticsearch9Server server) : MisbehavingProxyTests(server);

public sealed class SetupFaultsOnElasticsearch9(Elasticsearch9Server server) : SetupFaultTests(server);

public sealed class AlteredIndexOnElasticsearch9(Elasticsearch9Server server) : AlteredIndexTests(server);
