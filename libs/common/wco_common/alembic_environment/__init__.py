"""What Alembic needs beside the migrations, the same for every database; `wco_common.migrate` says of which."""
