"""Synthetic comments, always the same for the same seed: spam, honest talk about illness, and crisis."""

import random
from collections.abc import Iterator

PILLS = [
    *("viagra", "cialis", "levitra", "xanax", "tramadol", "phentermine", "botox", "replica"),
    *("rolex", "casino", "poker", "forex", "bitcoin"),
]
OFFERS = [
    "Buy {0} online now, cheap {1} without prescription, best price guaranteed",
    "Visit our casino and win big money today, free bonus, play {0} and {1} online",
    "I earned $5000 weekly from home with {0}, contact the trader on WhatsApp for {1}",
    "Nice post! I found great information, check my website for {0} and {1} offers",
    "Hot singles in your area want to meet you tonight, click for {0} and {1}",
    "SEO services and backlinks for your blog, first page of Google, {0} {1} discount",
    "Get a fast loan with no credit check, apply now and receive {0} or {1} free",
    "Dr Odi herbal spell caster brought my ex back, order {0} and {1} by email",
]
SHOPS = [
    *("cheap-meds", "best-deals", "win-now", "top-loans"),
    *("herbal-shop", "promo-store", "rx-online", "big-bonus"),
]
TAILS = ["Order today!", "Limited offer, act now.", "100% satisfaction, fast shipping.", "Click here >>>", ""]

TALK = {
    "en": (
        "My {} has been worse since the summer heat began.|The specialist changed my {} last week.|"
        "I find that a short rest helps more than anything.|Has anybody else had trouble with {}?|"
        "My physiotherapist showed me an exercise for the {}.|I take baclofen at night and sleep better.|"
        "Thank you for this post, it put my thoughts into words.|The stairs are the hardest part of my day.|"
        "This fatigue is killing me some days, but the dog gets me out.|I cut up my old stick for the fire.",
        [
            "balance",
            "legs",
            "hands",
            "fatigue",
            "spasms",
            "eyesight",
            "walking",
            "memory",
            "treatment",
            "bladder",
        ],
    ),
    "de": (
        "Seit dem Sommer ist es mit {} schlimmer geworden.|Mein Arzt hat die {} letzte Woche umgestellt.|"
        "Eine kurze Pause hilft mir mehr als alles andere.|Kennt das jemand von euch mit {}?|"
        "Die Krankengymnastik tut mir gut.|Danke für den Beitrag, er spricht mir aus der Seele.|"
        "Die Treppe ist das Schwerste an meinem Tag.|Ich nehme abends ein Mittel und schlafe besser.",
        ["Müdigkeit", "Spastik", "Gleichgewicht", "Beine", "Hände", "Therapie", "Konzentration", "Blase"],
    ),
    "fr": (
        "Depuis cet été, {} me gêne davantage.|Mon neurologue a changé le traitement contre {}.|"
        "Une petite pause m'aide plus que tout.|Est-ce que quelqu'un connaît cela avec {} ?|"
        "La kinésithérapie me fait du bien.|Merci pour ce billet, il dit ce que je ressens.|"
        "Les escaliers sont le plus dur de ma journée.",
        ["la fatigue", "l'équilibre", "la marche", "la vue", "la mémoire", "la spasticité"],
    ),
    "es": (
        "Desde el verano {} me molesta más.|Mi neurólogo cambió el tratamiento para {}.|"
        "Un descanso corto me ayuda más que nada.|¿A alguien más le pasa esto con {}?|"
        "La fisioterapia me sienta bien.|Gracias por esta entrada, dice lo que siento.|"
        "Las escaleras son lo más duro de mi día.",
        ["la fatiga", "el equilibrio", "la marcha", "la vista", "la memoria", "la espasticidad"],
    ),
    "it": (
        "Dall'estate {} mi disturba di più.|Il neurologo ha cambiato la cura per {}.|"
        "Una breve pausa mi aiuta più di tutto.|Succede anche a voi con {}?|"
        "La fisioterapia mi fa bene.|Grazie per questo articolo, dice quello che sento.|"
        "Le scale sono la parte più dura della giornata.",
        ["la stanchezza", "l'equilibrio", "la vista", "la memoria", "la spasticità"],
    ),
}


def spam(seed: int, count: int) -> Iterator[str]:
    """Offers as robots send them: links or none, capitals, letters taken apart by signs that nobody sees."""
    chance = random.Random(seed)
    for n in range(count):
        one, other = chance.sample(PILLS, 2)
        text = chance.choice(OFFERS).format(_hidden(one, chance), other) + ". " + chance.choice(TAILS)
        for _link in range(chance.choice([0, 0, 1, 1, 1, 3])):
            text += f" https://{chance.choice(SHOPS)}{chance.randrange(90)}.example/{one}?id={n}"
        yield text.upper() if chance.random() < 0.1 else text


def _hidden(word: str, chance: random.Random) -> str:
    return word if chance.random() < 0.7 else "\u200b".join(word)


def honest(seed: int, count: int) -> Iterator[str]:
    """What people with an illness tell each other, in five languages; some share a link."""
    chance = random.Random(seed)
    for n in range(count):
        sentences, things = TALK[chance.choice(list(TALK))]
        said = chance.sample(sentences.split("|"), chance.randint(2, 5))
        text = " ".join(sentence.format(chance.choice(things)) for sentence in said)
        text += f" {chance.choice(['Greetings', 'Yours', 'Bye'])} {n}."
        yield text + (f" See https://msblog.example/{n}" if chance.random() < 0.05 else "")


# Said as people say it, not as the rules have it; twelve in each language.
CRISIS = {
    "en": """I've been thinking about how I could kill myself.|Some nights I just WANT TO DIE.
        |They would all be better off without me, I know it.|I wish I was dead, honestly.
        |I don’t want to live like this for another winter.|I have decided to end my life in spring.
        |There is no reason to live any more.|I feel suicidal since the last relapse.
        |I took all my pills an hour ago.|I'm so tired of living with this body.
        |I keep hurting myself, nobody knows.|Tonight I am ending it all, said my goodbyes.""",
    "de": """Ich denke ständig daran, mich umzubringen.|Ich will nicht mehr leben.|Ich MÖCHTE STERBEN.
        |Am liebsten wäre ich tot.|Ihr seid ohne mich besser dran.|Ich mache allem ein Ende.
        |Seit dem Schub habe ich Selbstmordgedanken.|Ich bin lebensmüde geworden.
        |Ich will mir was antun.|Heute Nacht BRINGE ICH MICH UM.
        |Ich möchte einfach nicht mehr aufwachen.|Ich schlucke alle Tabletten auf einmal.""",
    "fr": """J’ai envie de mourir.|Je veux mourir, c’est tout.|Je pense à me tuer chaque soir.
        |Je vais mettre fin à mes jours.|Vous seriez tous mieux sans moi.|Je suis SUICIDAIRE, docteur.
        |Je ne veux plus vivre comme ça.|Je n'ai plus envie de vivre.|J'en ai marre de vivre ainsi.
        |J'ai souvent des idées noires.|Je veux en finir avec la vie.|Je recommence à me faire du mal.""",
    "es": """Quiero morir, no puedo más.|He pensado en quitarme la vida.|Estarían mejor sin mí.
        |No quiero vivir así.|Me han vuelto las ideas de suicidio.|Voy a acabar con todo esta noche.
        |Sin ganas de vivir desde el brote.|A veces pienso en matarme.|Estoy cansada de vivir.
        |Tengo miedo de hacerme daño.|Pienso en SUICIDARME.|Para mí ya no vale la pena vivir.""",
    "it": """Voglio morire.|Penso di togliermi la vita.|Vorrei farla finita.|Non voglio più vivere così.
        |Penso spesso al suicidio.|State tutti meglio senza di me.|Vorrei essere morta.|Ho paura di uccidermi.
        |Sono stanco di vivere.|Non ho più voglia di vivere.|Ho ricominciato a farmi del male.
        |A volte penso di AMMAZZARMI.""",
}


def crisis() -> list[str]:
    """Sixty texts of people in danger, each within talk about other things."""
    said = [" ".join(text.split()) for texts in CRISIS.values() for text in texts.split("|")]
    return [f"The heat was bad today. {text} Sorry for the long post." for text in said]
