"""The Flask back end of Daoban: one package per domain, each reached through its `service`."""
