"""The attributes in which a process describes its CI run, the code under test and its machine.

OpenTelemetry's names come first (https://opentelemetry.io/docs/specs/semconv/registry/attributes/cicd/ and
`.../vcs/`), then each CI system's own names, as attributes or as the variables of its jobs' environment.
Names are compared in lower case with dots for underscores: `GITHUB_RUN_ID` is `github.run.id`.
"""

RUN_IDS = (
    "cicd.pipeline.run.id",
    "github.run.id",
    "gitlab.pipeline.id",
    "buildkite.build.id",
    "evergreen.version.id",
    "circle.workflow.id",
    "circleci.workflow.id",
    "azure.build.id",
    "build.buildid",
    "travis.build.id",
    "drone.build.number",
    "jenkins.build.tag",
    "build.tag",
    "ci.pipeline.run.url",
    "ci.pipeline.id",
    "evergreen.build.id",
    "ci.pipeline.url",
    "teamcity.build.id",
    "bitbucket.pipeline.uuid",
    "bitbucket.build.number",
    "appveyor.build.id",
    "semaphore.workflow.id",
    "semaphore.pipeline.id",
    "codebuild.build.id",
    "cirrus.build.id",
    "bitrise.build.slug",
    "cf.build.id",
    "harness.pipeline.execution.id",
    "harness.execution.id",
)
"""The attributes that tell which run of a pipeline it was; the first that is there decides."""

JOB_IDS = (
    "cicd.pipeline.task.run.id",
    "evergreen.task.id",
    "gitlab.job.id",
    "ci.job.id",
    "buildkite.job.id",
    "circle.workflow.job.id",
    "system.jobid",
    "travis.job.id",
    "appveyor.job.id",
    "semaphore.job.id",
    "bitbucket.step.uuid",
    "cirrus.task.id",
)
JOB_NAMES = (
    "cicd.pipeline.task.name",
    "evergreen.task.name",
    "github.job",
    "gitlab.job.name",
    "ci.job.name",
    "buildkite.label",
    "buildkite.step.key",
    "circle.job",
    "stage.name",
    "appveyor.job.name",
    "semaphore.job.name",
    "cirrus.task.name",
)
ATTEMPTS = (
    "cicd.pipeline.run.attempt",
    "cicd.pipeline.task.run.attempt",
    "github.run.attempt",
    "system.jobattempt",
)
RETRIES = ("evergreen.task.execution", "buildkite.retry.count")
"""Those that count from 0 where attempts count from 1."""

REVISIONS = (
    "vcs.ref.head.revision",
    "github.sha",
    "ci.commit.sha",
    "buildkite.commit",
    "evergreen.revision",
    "vcs.repository.ref.revision",
    "git.commit.sha",
    "git.commit",
    "circle.sha1",
    "build.sourceversion",
    "travis.commit",
    "drone.commit.sha",
    "bitbucket.commit",
    "appveyor.repo.commit",
    "semaphore.git.sha",
    "codebuild.resolved.source.version",
    "cirrus.change.in.repo",
    "bitrise.git.commit",
    "cf.revision",
)
"""The attributes that tell which code was tested."""
BRANCHES = (
    "vcs.ref.head.name",
    "github.head.ref",
    "github.ref.name",
    "ci.commit.ref.name",
    "buildkite.branch",
    "vcs.repository.ref.name",
    "git.branch",
    "circle.branch",
    "build.sourcebranchname",
    "travis.branch",
    "drone.branch",
    "bitbucket.branch",
    "appveyor.repo.branch",
    "semaphore.git.branch",
    "cirrus.branch",
    "bitrise.git.branch",
    "cf.branch",
)
CORES = ("tracetui.host.cores", "system.cpu.logical.count")
IMAGES = ("container.image.name", "host.image.name", "host.image.id", "imageos", "ci.job.image")
MACHINES = ("host.type", "runner.arch")

REPOSITORIES = (
    "vcs.repository.url.full",
    "vcs.repository.name",
    "github.repository",
    "ci.project.path",
    "git.repository.url",
    "buildkite.repo",
    "evergreen.project.identifier",
    "circle.repository.url",
    "bitbucket.repo.full.name",
)
PIPELINES = (
    "cicd.pipeline.name",
    "github.workflow",
    "ci.pipeline.name",
    "buildkite.pipeline.slug",
    "evergreen.project.identifier",
)
VARIANTS = ("tracetui.variant", "build.variant", "evergreen.variant.name", "evergreen.build.variant")
"""What CI systems call one of the machines or configurations on which the same tests run."""
REQUESTS = (
    "evergreen.requester",
    "evergreen.request.type",
    "resmoke.cmd.params.requester",
    "github.event.name",
    "ci.pipeline.source",
    "buildkite.source",
    "build.reason",
)
"""Who or what asked for the run: a patch, a merge, a timer."""
OWNERS = ("tracetui.owner", "test.owner", "code.owner", "service.owner")
"""Whose tests they are."""

RUN_QUEUE = "tracetui.run_queue_ns"
"""How long a suite's or worker's process, without children, waited for a processor while its tests ran."""
PRESSURE = "tracetui.host.cpu_pressure_ns"
"""How long, meanwhile, anything on its machine did."""

RUNNERS = ("cicd.worker.name", "cicd.worker.id", "runner.name", "evergreen.distro.id")
SHARDS = (
    # The index, what it counts from, and how many there are.
    ("ci.node.index", 1, "ci.node.total"),
    ("gitlab.node.index", 1, "gitlab.node.total"),
    ("buildkite.parallel.job", 0, "buildkite.parallel.job.count"),
    ("circle.node.index", 0, "circle.node.total"),
    ("system.jobpositioninphase", 1, "system.totaljobsinphase"),
    ("semaphore.job.index", 1, "semaphore.job.count"),
    ("bitbucket.parallel.step", 0, "bitbucket.parallel.step.count"),
    ("test.shard.index", 0, "test.total.shards"),
    ("gtest.shard.index", 0, "gtest.total.shards"),
)

OF_SUITES = frozenset(
    {
        "cicd.pipeline.name",
        "cicd.pipeline.run.id",
        "cicd.pipeline.run.attempt",
        "cicd.pipeline.task.name",
        "cicd.pipeline.task.run.id",
        "cicd.worker.name",
        "evergreen.version.id",
        "evergreen.build.id",
        "evergreen.distro.id",
        "evergreen.project.identifier",
        "evergreen.requester",
        "evergreen.variant.name",
        "evergreen.task.execution",
        "evergreen.task.id",
        "evergreen.task.name",
        "evergreen.revision",
        "host.arch",
        "os.type",
        "process.runtime.name",
        "process.runtime.version",
        PRESSURE,
        RUN_QUEUE,
        "pytest.xdist.dist",
        "pytest.xdist.maxschedchunk",
        "resmoke.cmd.params.requester",
        "tracetui.host.cores",
        "tracetui.plan.id",
        "vcs.ref.head.name",
        "vcs.ref.head.revision",
        "vcs.repository.url.full",
    }
)
"""What the span of a suite may tell in its own attributes: resmoke's resource tells nothing of Evergreen, and
ours would tell of the machine in every line.
"""
