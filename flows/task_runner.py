"""What places the tasks of a mapped step, as a setting says: threads or processes here, or a cluster of Dask's.

A part of the door of Prefect: only the module of the deployments imports it.
"""

from typing import Any

from prefect.task_runners import ProcessPoolTaskRunner, ThreadPoolTaskRunner

from domain.errors import BadSettings, needing_extra
from services.settings import Runner, Settings, load_settings

TLS = "tls://"


class RunnerBySettings(ThreadPoolTaskRunner[Any]):
    """The runner of the settings, read when a run begins, which is when Prefect duplicates it."""

    def duplicate(self) -> Any:
        """The runner of one run of a flow.

        Raises:
            BadSettings: if a cluster is named to which anybody could give orders.
            MissingExtra: if Dask is asked for and not installed.
        """
        settings = load_settings()
        match settings.runner:
            case Runner.THREADS:
                return ThreadPoolTaskRunner(max_workers=settings.workers)
            case Runner.PROCESSES:
                return ProcessPoolTaskRunner(max_workers=settings.workers)
            case Runner.DASK:
                return on_dask(settings)


def on_dask(settings: Settings) -> Any:
    """A runner on the cluster of the settings, or on one of this machine that lives as long as the run.

    Whoever can speak to a scheduler of Dask's runs what he likes as its account: so it is spoken to by TLS alone, with
    certificates made for this one run, or for a cluster of others those of Dask's own configuration.
    """
    with needing_extra("Chạy trên Dask", "dask"):
        from distributed.security import Security
        from prefect_dask import DaskTaskRunner

    if settings.dask_address:
        if not settings.dask_address.startswith(TLS):
            raise BadSettings(
                f"KETNGHIA_DASK_ADDRESS={settings.dask_address}: cụm Dask phải nghe bằng {TLS}…, có chứng thư hai phía; qua "
                "tcp:// thì ai nối được cũng chạy được lệnh bằng tài khoản của chương trình."
            )
        return DaskTaskRunner(address=settings.dask_address, client_kwargs={"security": Security()})
    security = Security.temporary()
    return DaskTaskRunner(
        cluster_class=_cluster_of_this_machine,
        cluster_kwargs={"n_workers": settings.workers, "threads_per_worker": 1, "security": security},
        client_kwargs={"security": security},
    )


def _cluster_of_this_machine(**wanted: Any) -> Any:
    """A cluster whose scheduler and workers serve no pages: Dask's have no login."""
    import dask
    from distributed import LocalCluster

    nothing: dict[str, list[str]] = {"distributed.scheduler.http.routes": [], "distributed.worker.http.routes": []}
    with dask.config.set(nothing):
        return LocalCluster(
            scheduler_kwargs={"dashboard": False, "dashboard_address": "127.0.0.1:0"},
            worker_dashboard_address="127.0.0.1:0",
            **wanted,
        )
