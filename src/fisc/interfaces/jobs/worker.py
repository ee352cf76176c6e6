"""The job worker's process: `python -m fisc.interfaces.jobs.worker`."""

from __future__ import annotations

from fisc.plumbing import database, startup


def main() -> None:
    """Take jobs until told to stop, holding a lease on the database meanwhile."""
    with startup.opened_database():
        database.refuse_owner()
        # Imported here: the application of jobs exists once Django is loaded.
        from procrastinate.contrib.django import app  # noqa: PLC0415

        connector = app.connector.get_worker_connector()  # type: ignore[attr-defined]
        with app.replace_connector(connector) as worker_app:
            worker_app.run_worker(install_signal_handlers=True, concurrency=1)


if __name__ == "__main__":
    main()
