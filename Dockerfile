# The service: `docker build -t policy-bot .`, then see docs/operations.md. Versions and hashes come from requirements/.
FROM python:3.13-slim AS build
WORKDIR /source
COPY requirements/service.txt requirements/service.txt
RUN python -m venv /opt/policy-bot \
 && /opt/policy-bot/bin/pip install --no-cache-dir --no-deps --require-hashes -r requirements/service.txt
COPY requirements/build.txt requirements/build.txt
RUN pip install --no-cache-dir --no-deps --require-hashes -r requirements/build.txt
COPY pyproject.toml README.md LICENSE ./
COPY policies policies
COPY policy_bot policy_bot
RUN pip wheel --no-cache-dir --no-deps --no-build-isolation --wheel-dir /wheels . \
 && /opt/policy-bot/bin/pip install --no-cache-dir --no-deps /wheels/*.whl \
 && /opt/policy-bot/bin/pip uninstall --yes pip

FROM python:3.13-slim
RUN useradd --uid 10001 --no-create-home --shell /usr/sbin/nologin policy-bot \
 && install --directory --owner policy-bot /state
COPY --from=build /opt/policy-bot /opt/policy-bot
ENV PATH=/opt/policy-bot/bin:$PATH HOST=0.0.0.0 POLICY_BOT_STATE=/state PYTHONDONTWRITEBYTECODE=1
USER 10001
VOLUME /state
EXPOSE 8080
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s \
  CMD ["python", "-c", "import os, urllib.request as u; u.urlopen(f'http://127.0.0.1:{os.environ.get(\"PORT\", 8080)}/healthz', timeout=4)"]
CMD ["policy-bot", "serve"]
