"""A small application in the manner of Mina: meetings, transcription, users.

    gunicorn --bind 127.0.0.1:5000 --workers 2 main:app
"""

import logging
import threading
import time
import uuid

from flask import Flask, g, jsonify, request

import mina_logging

USERS = {"ana": 42, "ben": 43}

mina_logging.configure()
log = logging.getLogger("app")
transcription_log = logging.getLogger("services.transcription")


def transcribe(meeting_id, language):
    """The background job: it runs in a thread of its own, without a request."""
    started = time.monotonic()
    if meeting_id < 0:
        raise ValueError("Invalid meeting ID format")
    transcription_log.info(
        "Transcription of meeting %d finished",
        meeting_id,
        extra={
            "meeting_id": meeting_id,
            "language": language,
            "model": "whisper-1",
            "word_count": 812,
            "duration_seconds": round(time.monotonic() - started, 6),
            "job_type": "transcription",
        },
    )


def run_job(meeting_id, language):
    try:
        transcribe(meeting_id, language)
    except ValueError:
        transcription_log.exception("Transcription failed", extra={"meeting_id": meeting_id})


def create_app():
    app = Flask(__name__)
    log.info("Booting Mina…")

    @app.before_request
    def begin():
        g.request_id = request.headers.get("X-Request-ID") or str(uuid.uuid4())
        g.started = time.monotonic()
        name = request.headers.get("X-User")
        if name in USERS:
            g.user = {"id": str(USERS[name]), "username": name}

    @app.after_request
    def end(response):
        log.info(
            "Request handled",
            extra={
                "status_code": response.status_code,
                "processing_time_ms": round((time.monotonic() - g.started) * 1000, 3),
            },
        )
        return response

    @app.get("/healthz")
    def health():
        return "ok\n"

    @app.get("/api/meetings")
    def meetings():
        log.debug("Listing meetings", extra={"endpoint": "meetings"})
        return jsonify([{"id": 7, "title": "Weekly"}])

    @app.post("/api/meetings/<int(signed=True):meeting_id>/transcribe")
    def start_transcription(meeting_id):
        job = threading.Thread(target=run_job, args=(meeting_id, request.args.get("lang", "de")), name="transcriber")
        job.start()
        job.join()
        return jsonify({"job": "done"}), 202

    @app.post("/api/login")
    def login():
        # What must never be logged, and sometimes is.
        form = request.get_json()
        log.warning("Login with password=%s", form.get("password"), extra={"form": form})
        if form.get("user") not in USERS:
            log.warning("Login failed")
            return "", 401
        return "", 204

    @app.post("/api/pay")
    def pay():
        log.info("Charging card %s", request.get_json().get("card"), extra={"authorization": request.headers.get("Authorization")})
        return "", 204

    @app.get("/api/report")
    def report():
        # A query that takes as long as it is asked to.
        time.sleep(min(request.args.get("seconds", 0, type=float), 10))
        return jsonify([])

    @app.post("/api/backup")
    def backup():
        log.critical("Backup failed: no space left on device")
        return "", 507

    @app.get("/api/crash")
    def crash():
        try:
            try:
                {}["meeting"]
            except KeyError as cause:
                raise RuntimeError("cannot load the meeting") from cause
        except RuntimeError:
            log.exception("Request failed")
        return "", 500

    return app


app = create_app()
