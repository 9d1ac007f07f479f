"""What every service needs: the log, the decider, the CloudEvents door, problems, bundles, settings, health."""
