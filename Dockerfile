# Two stages: what builds the environment stays behind.
FROM python:3.11-slim-bookworm AS build
WORKDIR /srv/communique
RUN python -m venv .venv
COPY requirements/runtime.lock requirements/
RUN .venv/bin/python -m pip install --no-cache-dir --require-hashes --requirement requirements/runtime.lock
COPY . .
# Nothing can be installed later: pip goes last. The user who runs this cannot write bytecode.
RUN .venv/bin/python -m pip install --no-cache-dir --no-deps --no-build-isolation --editable . \
    && .venv/bin/python -m pip uninstall --yes --quiet setuptools pip \
    && rm -rf ./*.egg-info requirements \
    && find .venv -depth \( -name tests -o -name '*.pyx' -o -name '*.pyi' -o -name '*.c' -o -name '*.h' \) -exec rm -rf {} + \
    && .venv/bin/python -m compileall -q app migrations seeds

FROM python:3.11-slim-bookworm
# The editable install refers to this path, which is why both stages use the same one.
WORKDIR /srv/communique
RUN useradd --uid 10001 --no-create-home --home-dir /data --shell /usr/sbin/nologin communique \
    && mkdir /data && chown communique:communique /data
COPY --from=build /srv/communique /srv/communique
USER communique
VOLUME /data
ENV PATH=/srv/communique/.venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    HOST=0.0.0.0 \
    PORT=8000 \
    DATABASE_URL=sqlite:////data/communique.db \
    COMMUNIQUE_EXPORTS_FOLDER=/data
EXPOSE 8000
# Past any proxy that the environment names for the outside.
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s CMD ["python", "-c", \
    "import os, urllib.request as r; r.build_opener(r.ProxyHandler({})).open(f\"http://127.0.0.1:{os.environ['PORT']}/livez\", timeout=2)"]
CMD ["communique", "serve", "--migrate", "--seed"]
