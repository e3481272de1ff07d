# ruff: noqa: E501 - a row a language, in its own script
"""Questions to begin with, made of what a video speaks about."""

import re
from collections.abc import Sequence

# Asked of three phrases, in this order. Each is long enough with a phrase of two characters.
ABOUT = {
    "ar": ("ماذا يقول الفيديو عن «{}»؟", "كيف يشرح الفيديو «{}»؟", "ما أهمية «{}» في هذا الفيديو؟"),
    "de": (
        "Was sagt das Video über „{}“?",
        "Wie erklärt das Video „{}“?",
        "Welche Rolle spielt „{}“ in diesem Video?",
    ),
    "en": (
        "What does the video say about “{}”?",
        "How does the video explain “{}”?",
        "Why does “{}” matter in this video?",
    ),
    "es": (
        "¿Qué dice el video sobre «{}»?",
        "¿Cómo explica el video «{}»?",
        "¿Por qué es importante «{}» en este video?",
    ),
    "fr": (
        "Que dit la vidéo sur « {} » ?",
        "Comment la vidéo explique-t-elle « {} » ?",
        "Quel rôle joue « {} » dans cette vidéo ?",
    ),
    "hi": (
        "वीडियो में “{}” के बारे में क्या बताया गया है?",
        "वीडियो में “{}” को कैसे समझाया गया है?",
        "इस वीडियो में “{}” क्यों महत्वपूर्ण है?",
    ),
    "id": (
        "Apa yang dikatakan video ini tentang “{}”?",
        "Bagaimana video ini menjelaskan “{}”?",
        "Mengapa “{}” penting dalam video ini?",
    ),
    "it": (
        "Che cosa dice il video su «{}»?",
        "Come viene spiegato «{}» nel video?",
        "Perché «{}» è importante in questo video?",
    ),
    "ja": (
        "この動画では「{}」についてどのように説明されていますか？",
        "この動画の中で「{}」とはどのようなものだと述べられていますか？",
        "この動画において「{}」はなぜ重要なのでしょうか？",
    ),
    "ko": (
        "이 영상에서는 “{}”에 대해 무엇을 말하나요?",
        "이 영상은 “{}”을(를) 어떻게 설명하나요?",
        "이 영상에서 “{}”은(는) 왜 중요한가요?",
    ),
    "pt": (
        "O que o vídeo diz sobre “{}”?",
        "Como o vídeo explica “{}”?",
        "Por que “{}” é importante neste vídeo?",
    ),
    "ru": (
        "Что говорится в видео о теме «{}»?",
        "Как в видео объясняется «{}»?",
        "Почему «{}» важно в этом видео?",
    ),
    "tr": (
        "Video “{}” hakkında ne söylüyor?",
        "Video “{}” konusunu nasıl açıklıyor?",
        "Bu videoda “{}” neden önemli?",
    ),
    "zh": (
        "这个视频是怎样讲解“{}”这个概念的？都说了些什么？",
        "在这个视频中，“{}”具体指的是什么？如何理解它？",
        "在这个视频中，为什么说“{}”是很重要的内容？",
    ),
}

# Asked where too few phrases are telling; {} is a time. Different even where the three times are one.
AT = {
    "ar": ("ما الذي يُشرح حوالي الدقيقة {}؟", "ما الفكرة الرئيسية حوالي الدقيقة {}؟", "بماذا ينتهي الفيديو حوالي {}؟"),
    "de": ("Was wird um {} herum erklärt?", "Was ist der Kern dessen, was um {} gesagt wird?", "Womit endet das Video um {}?"),
    "en": ("What is explained around {}?", "What is the main point around {}?", "What does the video end with, around {}?"),
    "es": ("¿Qué se explica alrededor de {}?", "¿Cuál es la idea principal hacia {}?", "¿Con qué termina el video, hacia {}?"),
    "fr": ("Qu'est-ce qui est expliqué vers {} ?", "Quelle est l'idée principale vers {} ?", "Sur quoi la vidéo finit-elle, vers {} ?"),
    "hi": ("{} के आसपास क्या समझाया गया है?", "{} के आसपास मुख्य बात क्या है?", "वीडियो के अंत में, {} के आसपास, क्या कहा गया है?"),
    "id": ("Apa yang dijelaskan sekitar {}?", "Apa gagasan utama di sekitar {}?", "Dengan apa video ini berakhir, sekitar {}?"),
    "it": ("Che cosa viene spiegato intorno a {}?", "Qual è l'idea principale intorno a {}?", "Con che cosa finisce il video, intorno a {}?"),
    "ja": ("この動画の{}あたりでは何が説明されていますか？", "この動画の{}あたりの要点は何でしょうか？", "この動画は{}あたりでどのように締めくくられますか？"),
    "ko": ("{}쯤에는 무엇을 설명하고 있나요?", "{}쯤에 나오는 핵심 내용은 무엇인가요?", "영상은 {}쯤에 어떻게 마무리되나요?"),
    "pt": ("O que é explicado por volta de {}?", "Qual é a ideia principal por volta de {}?", "Com o que o vídeo termina, por volta de {}?"),
    "ru": ("Что объясняется примерно на {}?", "Какова главная мысль примерно на {}?", "Чем заканчивается видео, примерно на {}?"),
    "tr": ("{} civarında ne açıklanıyor?", "{} civarındaki ana fikir nedir?", "Video {} civarında neyle bitiyor?"),
    "zh": ("这个视频在{}左右的时候主要讲解了什么内容？", "这个视频在{}左右的时候重点说明了哪些内容？", "这个视频在{}左右的时候是怎样结束的呢？"),
}  # fmt: skip

_SCRIPTS = {
    "ja": re.compile("[\u3041-\u30ff]"),
    "ko": re.compile("[\uac00-\ud7af]"),
    "zh": re.compile("[\u4e00-\u9fff]"),
    "hi": re.compile("[\u0900-\u097f]"),
    "ar": re.compile("[\u0600-\u06ff]"),
    "ru": re.compile("[\u0400-\u04ff]"),
}


def language_of(sample: str) -> str:
    """A guess from the script, for a transcript whose language nobody told; "en" for all others."""
    for language, script in _SCRIPTS.items():
        if len(script.findall(sample)) * 4 > len(sample):
            return language
    return "en"


def questions(phrases: Sequence[str], times: Sequence[float], language: str) -> list[str]:
    """Three different questions about phrases, else about what is said at the three times, in seconds."""
    code = language.partition("-")[0].casefold()
    about, at = ABOUT.get(code, ABOUT["en"]), AT.get(code, AT["en"])
    asked = [template.replace("{}", phrase) for template, phrase in zip(about, phrases, strict=False)]
    missing = len(about) - len(asked)
    asked += [
        template.replace("{}", clock(seconds))
        for template, seconds in zip(at[-missing:] if missing else (), times[-missing:], strict=False)
    ]
    return asked


def clock(seconds: float) -> str:
    """m:ss, or h:mm:ss from the first hour on."""
    minutes, rest = divmod(max(0, int(seconds)), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
