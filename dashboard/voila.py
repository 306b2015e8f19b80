"""The tour as a dashboard: what Voilà shows of it, and limits with which a page can be public.

voila notebooks/00-tour.ipynb --Voila.config_file_paths=dashboard
"""

import asyncio
from datetime import datetime, timedelta, timezone
from functools import partial

from jupyter_server.services.kernels.kernelmanager import AsyncMappingKernelManager
from tornado.web import HTTPError
from traitlets import Float, Integer

MINUTE = 60  # seconds
now = partial(datetime.now, timezone.utc)


class Kernels(AsyncMappingKernelManager):
    """A kernel for every visitor, up to a number, and not for long after the visitor has left."""

    most = Integer(25, config=True, help="how many kernels there are at most, one of them spare")
    absence = Float(2 * MINUTE, config=True, help="seconds after which a visitor has left for good")
    _starting = 0

    def __init__(self, **options):
        super().__init__(**options)
        self._alone = {}  # since when no page was seen connected, by kernel

    def is_full(self):
        """Whether no other kernel may be started."""
        return len(self) + self._starting >= self.most

    async def start_kernel(self, **options):
        """Start a kernel, if there is room for one; returns its id."""
        if self.is_full():
            raise HTTPError(503, reason="All places are taken. Please come again in some minutes.")
        self._starting += 1
        try:
            return await super().start_kernel(**options)
        finally:
            self._starting -= 1

    async def cull_kernel_if_idle(self, kernel_id):
        """End a kernel whose visitor has left, or has done nothing for long."""
        if self.kernel_model(kernel_id)["connections"]:
            self._alone.pop(kernel_id, None)
            await super().cull_kernel_if_idle(kernel_id)
            return
        alone = self._alone.setdefault(kernel_id, now())
        since = max(alone, self.get_kernel(kernel_id).last_activity)
        if now() - since > timedelta(seconds=self.absence):
            del self._alone[kernel_id]
            await self.shutdown_kernel(kernel_id)

    async def cull_kernels(self):
        """End what is not used; then prepare for the next visitor, as far as there is room."""
        await super().cull_kernels()
        for notebook, spare in getattr(self, "_pools", {}).items():  # Voilà's, where it preheats
            spare[:] = [task for task in spare if not (task.done() and task.exception())]
            for task in filter(asyncio.Task.done, spare):
                self._alone.pop(task.result()["kernel_id"], None)
            if not self.is_full():
                self.fill_if_needed(0, notebook)


c = get_config()  # noqa: F821  (Voilà gives it)

# What is shown: cells that only make sense in a notebook are left out, and not run either.
c.VoilaExporter.TagRemovePreprocessor.enabled = True
c.VoilaExporter.TagRemovePreprocessor.remove_cell_tags = {"notebook-only"}
c.VoilaConfiguration.extension_allowlist = [
    "@jupyter-widgets/jupyterlab-manager",
    "@voila-dashboards/widgets-manager8",
    "anywidget",
]

# How many kernels, one of them ready before it is asked for. When one has ended, the pictures in
# its page go on.
c.VoilaConfiguration.multi_kernel_manager_class = Kernels
c.VoilaConfiguration.preheat_kernel = True
c.MappingKernelManager.cull_interval = MINUTE // 2
c.MappingKernelManager.cull_idle_timeout = 10 * MINUTE
c.MappingKernelManager.cull_connected = True
c.MappingKernelManager.cull_busy = True
c.MappingKernelManager.buffer_offline_messages = False

# How long a cell may take, and how long its output may come after it on a busy machine.
c.VoilaExecutor.timeout = MINUTE
c.VoilaExecutor.iopub_timeout = MINUTE

# What a page may choose and send: it executes nothing, but its messages reach the kernel.
c.VoilaConfiguration.allow_template_override = "NO"
c.VoilaConfiguration.strip_sources = True
c.VoilaConfiguration.show_tracebacks = False
c.Voila.tornado_settings = {"websocket_max_message_size": 256 * 1024}
