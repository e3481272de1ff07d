"""Transcripts that were made up for these tests."""

import itertools

from vidwiz.common.segments import Segment


def spoken(*captions: str, start: float = 0.0, each: float = 4.0) -> list[Segment]:
    """Captions of `each` seconds, one right after the other."""
    return [Segment(caption, start + at * each, each) for at, caption in enumerate(captions)]


BREAD = spoken(
    "[Music] >> So, welcome back to the kitchen, everybody.",
    "Today we're baking a sourdough loaf",
    "from nothing but flour, water and salt.",
    "Um, a sourdough starter is a colony of wild yeast",
    "and bacteria that lives in a jar of flour and water.",
    "The yeast makes carbon dioxide, and the bubbles raise the dough.",
    "The bacteria make lactic acid, which gives the bread its sour taste.",
    "You know, you feed the starter once a day with fresh flour.",
    "A starter that floats in water is ready to raise a loaf.",
    "And now we mix the dough and leave it alone for thirty minutes.",
    "This rest is called autolyse, and it lets the flour drink the water.",
    "Gluten forms by itself during the autolyse, without any kneading.",
    "After that we fold the dough four times, every half an hour.",
    "Folding the dough builds strength without tearing the gluten apart.",
    "The dough has fermented enough when it has grown by half.",
    "A warm kitchen makes the fermentation faster, a cold one slower.",
    "We shape the loaf and put it in the fridge overnight.",
    "The cold slows the yeast, while the bacteria go on making acid.",
    "In the morning the oven has to be very hot, 250 degrees.",
    "Steam keeps the crust soft, so that the loaf can still expand.",
    "We score the loaf with a razor blade, so it opens where we want.",
    "After twenty minutes we let the steam out and the crust turns brown.",
    "The loaf is done when it sounds hollow on its bottom.",
    "Let it cool for an hour, or the crumb will be sticky.",
)

AUTOMATIC = spoken(
    "so what we want to look at today is how a",
    "bicycle stays upright when you ride it and um",
    "you might have heard that it is the spinning wheels",
    "that act as gyroscopes and keep the bicycle up",
    "but in fact you can build a bicycle that has",
    "no gyroscopic effect at all and it still stays",
    "upright when nobody is riding it so what matters",
    "much more is steering because when a bicycle leans",
    "to the left the front wheel turns to the left",
    "and the wheels drive back under the center of mass",
    "and that is the same thing you do when you balance",
    "a broom on your hand you move the hand under the",
    "center of mass of the broom and with a bicycle",
    "the steering does that for you as long as it is",
    "moving fast enough and that is why a slow bicycle",
    "is so much harder to balance than a fast one",
    each=3.0,
)

HINDI = spoken(
    "नमस्ते दोस्तों, आज हम पौधों में प्रकाश संश्लेषण को समझेंगे।",
    "प्रकाश संश्लेषण में पौधे सूर्य के प्रकाश से अपना भोजन बनाते हैं।",
    "पत्तियों में क्लोरोफिल नाम का हरा पदार्थ होता है, जो प्रकाश को सोखता है।",
    "जड़ें मिट्टी से पानी लेती हैं और पत्तियां हवा से कार्बन डाइऑक्साइड लेती हैं।",
    "इन दोनों से ग्लूकोज बनता है और ऑक्सीजन बाहर निकलती है।",
    "यही ऑक्सीजन हम सांस में लेते हैं।",
    "रात में प्रकाश नहीं होता, इसलिए प्रकाश संश्लेषण रुक जाता है।",
    "लेकिन पौधे रात में भी सांस लेते हैं और ऊर्जा खर्च करते हैं।",
)

JAPANESE = spoken(
    "今日は日本の地震と活断層についてお話しします。",
    "地球の表面は十数枚のプレートで覆われています。",
    "日本列島の下では四つのプレートがぶつかり合い、",
    "海のプレートが陸のプレートの下に沈み込んでいます。",
    "この沈み込みによって陸のプレートが少しずつ引きずられ、ひずみがたまります。",
    "ひずみが限界に達すると、陸のプレートが跳ね上がって巨大地震が起こります。",
    "一方、活断層による地震は、陸のプレートの内部で岩盤が割れて起こります。",
    "活断層の地震は震源が浅いため、揺れがとても激しくなることがあります。",
    "活断層の位置を知ることは、防災のためにとても大切です。",
)

ARABIC = spoken(
    "مرحبا بكم، سنتحدث اليوم عن دورة الماء في الطبيعة.",
    "تسخن الشمس مياه البحار فيتبخر الماء ويصعد إلى السماء.",
    "في الأعلى يبرد بخار الماء ويتكثف فتتكون الغيوم.",
    "ثم يسقط الماء مطرا أو ثلجا على الجبال والسهول.",
    "تجري مياه الأمطار في الأنهار وتعود إلى البحر من جديد.",
    "وجزء من الماء يتسرب إلى باطن الأرض ويغذي الآبار.",
)


def long(count: int) -> list[Segment]:
    """`count` captions over twelve hours."""
    subjects = ("harbour", "lighthouse", "railway", "glacier", "orchard", "telescope", "violin", "volcano")
    verbs = ("carries", "surrounds", "explains", "follows", "replaces", "reveals", "protects", "divides")
    parts = itertools.product(subjects, verbs, subjects, range(1 + count // 512))
    lines = (f"the {one} {verb} the {other} in chapter {part}." for one, verb, other, part in parts)
    return spoken(*itertools.islice(lines, count), each=12 * 3600 / count)
