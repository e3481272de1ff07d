"""Words that tell nothing, by language: yake's lists, and what they miss of speech."""

import functools

# yake's names for three languages are not those of BCP-47.
_YAKE_CODES = {"cs": "cz", "nb": "no", "nn": "no"}

_MORE = {
    "en": """able actually add ago almost already also another answer anything around ask away back basically
        best better big bigger bit bunch called case cases change close come comes completely corresponding
        couple course day definitely describe described describing different do does doesn't doing don't
        done each easy else end enough equal equally essentially even every everything exact exactly
        example examples expression fact feel find first fun general get gets getting give given gives giving go goes
        going gonna good got great guess guys happen happening happens having hello hey hi hold huge idea
        important inside interesting involves it's just keep kind know last later less let let's lets like little long
        look looking looks lot lots love make makes making matter maybe mean means mind minute moment more
        much name nearly need new next nice nothing notice now number numbers of oh ok okay one ones oops other
        part people perfect pick place play please point pretty probably problem put question questions
        quite ready real really reason remember right said same saw say saying says second see seems
        sense set show shows side similar simple simply single slightly small something sort specific start
        started starting stay still stop stuff suppose sure take takes taking talk talking tell thank thanks
        that's thing things think thinking third thought three time times today together took top total
        tried true try trying turn turns two type um uh understand use used using usually value values
        version video videos wait want wanted wants watch watching way ways we're week well went what's wonder
        word words work working works wow write writing wrong yeah year years yes you're you've""",
    "hi": """में पर से का के की को ने और है हैं हो था थे थी यह ये वह वे इस उस एक जो तो ही भी कि या न मैं हम
        आप तुम मेरे मेरा मुझे हमारे हमारा हमें आपके आपको आपका आपकी लिए अब तक बस बारे रूप तरह बात वास्तव
        अधिक कम ज्यादा अलग-अलग जैसे-जैसे क्या क्यों कैसे कौन कब कहाँ कहां जब तब अगर चाहता हूं हूँ चाहते
        देख देखें देखते जाता जाती जाते जाना जाएं जाए गए गई करता करती कर करके दे देता देती दिखाई होगा होगी
        होंगे सकता सकती बड़ा बड़ी बड़े छोटा छोटे एकल संख्या संख्याओं विशेष समान थोड़ा काफी प्रत्येक उदाहरण
        दो तीन चार ऐसा ऐसे ऐसी वाला वाली वहां यहां हर फिर चीज चीज़ चीजें मतलब साथ कई केवल बाद पहला पहली
        दूसरा सोच सोचें सोचते पूछ मान वीडियो लगता रही अनिवार्य प्रकार हाँ हां जानते लेती लेते लेता लेना
        इसलिए पास उन जो सब""",
    "ja": "これ それ あれ ここ そこ こと もの よう ため 今 時 的 中 方 人 何 回 皆さん 今日 動画 場合 一つ",
    "zh": "我们 你们 他们 这个 那个 一个 什么 怎么 就是 这样 那么 可以 因为 所以 但是 如果 现在 没有 不是 的话 视频",
    "ar": "إلى على عن ثم هذا هذه هذان ذلك تلك التي الذي كل بعد قبل عند كان كانت أو أن إن لا ما هو هي",
    "de": "halt eben mal ganz eigentlich sozusagen quasi genau also ja äh ähm video",
    "es": "pues bueno entonces vale ahora cosa cosas vídeo video",
    "fr": "alors donc bon ben euh voilà chose choses vidéo",
    "pt": "então bem né assim coisa coisas vídeo",
    "it": "allora dunque ecco cioè cosa cose video",
    "ru": "ну вот это так значит просто вообще видео",
}


@functools.lru_cache(maxsize=32)
def stopwords(language: str) -> frozenset[str]:
    """Casefolded stop words of a BCP-47 language; of one nobody listed, none."""
    import yake  # a second and 50 MB: only where texts are made

    code = language.partition("-")[0].casefold()
    listed = yake.KeywordExtractor(lan=_YAKE_CODES.get(code, code) or "en").stopword_set
    more = _MORE.get(code or "en", "").split()
    return frozenset(word.strip("\ufeff \r").casefold() for word in [*listed, *more])
