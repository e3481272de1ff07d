"""What a user can do about each reason for which a part of a video is not there."""

from typing import Any

from apps.videos.models import Reason, Stage, Video

MESSAGES = {
    Reason.BLOCKED: "YouTube refuses this server. Open the video with the browser extension, or upload its captions.",
    Reason.NO_CAPTIONS: "This video has no captions. Upload a caption file if you have one.",
    Reason.LANGUAGE_MISSING: "This video has no captions in a language that is wanted here. Upload a caption file.",
    Reason.AGE_RESTRICTED: "This video is age-restricted. Open it with the browser extension while signed in to YouTube.",
    Reason.PRIVATE: "This video is private. If you may watch it, open it with the browser extension.",
    Reason.NOT_FOUND: "There is no such video on YouTube, or it was deleted. Check the link.",
    Reason.LIVE: "This video is live or has not started. Try again after it has ended.",
    Reason.RATE_LIMITED: "YouTube asks this server to slow down. Try again later, or use the browser extension.",
    Reason.UNAVAILABLE: "YouTube, or a part of this server, did not answer as it should. Try again later.",
    Reason.AI_FAILED: "The AI could not write this. The transcript and your notes are all there; try again later.",
}

# These may have passed by themselves when somebody next asks; the others are facts about the video.
PASSING = frozenset({Reason.BLOCKED, Reason.RATE_LIMITED, Reason.UNAVAILABLE, Reason.LIVE})

# When several stages failed, the one that keeps the user from most is told.
_ORDER = (Stage.TRANSCRIPT, Stage.SUMMARY, Stage.METADATA)


def describe(video: Video) -> dict[str, Any] | None:
    """The contract's `failure`: `{stage, reason, message, retry_at}`, `retry_at` null if it is for good."""
    for stage in _ORDER:
        reason = video.failure(stage)
        if reason:
            return {
                "stage": str(stage),
                "reason": reason,
                "message": MESSAGES[Reason(reason)],
                "retry_at": video.retry_at(stage),
            }
    return None
