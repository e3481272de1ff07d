"""The provider that needs no model, no key and no network: it picks what was said, word for word."""

import bisect
from collections.abc import Sequence

from vidwiz.ai import context, extract_note, extract_summary, keyphrases, pieces, text
from vidwiz.ai.base import NOTE_CHARS, SUMMARY_CHARS, Moment, NoteText, Summary, Talk
from vidwiz.ai.digest import sample
from vidwiz.ai.questions import language_of, questions
from vidwiz.common.segments import Segment

# What a summary looks at, in characters of transcript (20 hours of speech); of more, runs from all over.
READ_CHARS = 1_500_000
# What a note looks at before and after its moment; two minutes of speech have some 60 clauses.
NOTE_CLAUSES = 150


class Offline:
    """Extracts. Answers in the transcript's language, whatever language is wanted."""

    name = "offline"
    model = ""

    def note(self, moment: Moment) -> NoteText:
        """One to three sentences said near the moment, or the telling part of one. Raises `NothingSaid`."""
        captions = pieces.said(context.of_note(moment))
        language = moment.transcript_language or language_of(captions[0].text)
        clauses = list(pieces.clauses(captions, language))
        # An upload may put an hour's words into one caption.
        here = bisect.bisect(clauses, moment.seconds, key=lambda piece: piece.start)
        clauses = clauses[max(0, here - NOTE_CLAUSES) : here + NOTE_CLAUSES]
        near = [
            piece
            for piece in clauses
            if piece.start <= moment.seconds + context.NEAR_SECONDS
            and piece.end >= moment.seconds - context.NEAR_SECONDS
        ]
        weighed = keyphrases.weights([piece.text for piece in clauses], language)
        line = (
            extract_note.best_line(near, moment.seconds, language, weighed)
            or extract_note.best_line(clauses, moment.seconds, language, weighed)
            # Scraps with long silences between: enough was said only if all of it is taken together.
            or text.cut(extract_note.joined(clauses), NOTE_CHARS[1])
        )
        return NoteText(text=line)

    def summary(self, talk: Talk) -> Summary:
        """Sentences from all over the video, and questions about its phrases. Raises `NothingSaid`."""
        captions = pieces.said(_readable(context.of_summary(talk)))
        language = talk.transcript_language or language_of(
            " ".join(sample([c.text for c in captions], 2_000))
        )
        clauses = list(pieces.clauses(captions, language))
        seen = sample([clause.text for clause in clauses])
        phrases = keyphrases.phrases(seen, language)
        summary = extract_summary.best_sentences(
            clauses, language, keyphrases.weights(seen, language, phrases)
        )
        if not SUMMARY_CHARS[0] <= len(summary) <= SUMMARY_CHARS[1]:
            summary = text.cut(extract_note.joined(clauses[:200]), SUMMARY_CHARS[1])
        return Summary(
            summary=summary,
            suggested_questions=questions(keyphrases.subjects(phrases), _thirds(captions), language),
        )


def _readable(segments: Sequence[Segment]) -> Sequence[Segment]:
    total = sum(len(segment.text) for segment in segments)
    if total <= READ_CHARS:
        return segments
    run = 20
    step = max(run, int(run * total / READ_CHARS) + 1)
    return [segment for first in range(0, len(segments), step) for segment in segments[first : first + run]]


def _thirds(captions: Sequence[Segment]) -> list[float]:
    """Three times at which something is said: in the middle of each third of the captions."""
    return [captions[len(captions) * sixth // 6].offset for sixth in (1, 3, 5)]
