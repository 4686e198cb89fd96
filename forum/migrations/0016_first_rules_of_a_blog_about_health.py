"""Rules that a volunteer of a blog about health can begin with; admins change them like their own."""

import unicodedata

from django.db import migrations

CRISIS = {  # “suicide” and “suicidio” stand in one language and are found in all
    "en": """kill myself; killing myself; killed myself; want to die; wanted to die; wanna die; ready to die;
        rather be dead; wish i was dead; wish i were dead; wish i had never been born; better off
        dead; better off without me; end my life; ending my life; ended my life; end my own life;
        take my life; taking my life; take my own life; taking my own life; end it all; ending it
        all; end this life; suicide; suicidal; no reason to live; any reason to live; nothing to
        live for; nothing left to live for; no point in living; any point in living; point in living
        any more; point in living anymore; don't want to live; dont want to live; do not want to
        live; didn't want to live; don't want to be alive; dont want to be alive; do not want to be
        alive; don't want to be here any more; don't want to be here anymore; dont want to be here
        anymore; don't want to wake up; never wake up again; not wake up tomorrow; can't go on
        living; cannot go on living; can't go on any more; can't go on anymore; cant go on anymore;
        cannot go on like this; hurt myself; hurting myself; harm myself; harming myself; self harm;
        self-harm; self harming; cutting myself; hang myself; shoot myself; drown myself; take all
        my pills; taking all my pills; took all my pills; swallow all my pills; all the pills at
        once; took an overdose; take an overdose; tired of living; tired of being alive; not worth
        living; isn't worth living; no longer worth living; jump off a bridge; jump in front of a
        train; step in front of a train; myself in front of a train; said my goodbyes; goodbye
        letter""",
    "de": """mich umbringen; bringe mich um; bring mich um; bringe ich mich um; bring ich mich um; mich
        umzubringen; mir das leben nehmen; mir das leben zu nehmen; nehme mir das leben; selbstmord;
        selbstmordgedanken; suizid; suizidgedanken; suizidal; lebensmüde; will nicht mehr leben;
        möchte nicht mehr leben; mag nicht mehr leben; so nicht mehr leben; nicht mehr weiterleben;
        nicht mehr aufwachen; will sterben; möchte sterben; lieber tot; besser tot; wäre ich tot;
        ich wäre tot; tot wäre; ohne mich besser dran; ohne mich besser; allem ein ende; meinem
        leben ein ende; dem ein ende setzen; mir etwas antun; mir was antun; mich ritzen; ritze
        mich; mich selbst verletzen; alle tabletten auf einmal; meine tabletten auf einmal; mich
        aufhängen; vor den zug; abschiedsbrief; keinen sinn mehr zu leben""",
    "fr": """me tuer; me suicider; suicidaire; suicidaires; me pendre; en finir avec la vie; finir avec
        ma vie; mettre fin à mes jours; mettre fin à ma vie; m'ôter la vie; envie de mourir; veux
        mourir; voudrais mourir; voudrais être mort; voudrais être morte; plus envie de vivre; veux
        plus vivre; peux plus vivre; plus de raison de vivre; aucune raison de vivre; mieux sans
        moi; mieux mort; mieux morte; marre de vivre; fatigué de vivre; fatiguée de vivre; me faire
        du mal; me foutre en l'air; idées noires; ne plus me réveiller; tous mes comprimés; vaut
        plus la peine d'être vécue""",
    "es": """matarme; quiero morir; quiero morirme; quisiera morir; quisiera morirme; me quiero morir; quiero
        estar muerto; quiero estar muerta; suicidarme; suicidio; quitarme la vida; acabar con mi
        vida; terminar con mi vida; acabar con todo; no quiero vivir; no quiero seguir viviendo; sin
        ganas de vivir; no tengo ganas de vivir; ninguna razón para vivir; razones para vivir; mejor
        muerto; mejor muerta; mejor sin mí; hacerme daño; cortarme las venas; cansado de vivir;
        cansada de vivir; no despertar más; tomarme todas mis pastillas; no vale la pena vivir;
        colgarme; tirarme al tren""",
    "it": """uccidermi; ammazzarmi; voglio morire; vorrei morire; vorrei essere morto; vorrei essere morta;
        suicidarmi; mi suicido; togliermi la vita; farla finita; fine alla mia vita; non
        voglio più vivere; più voglia di vivere; nessuna ragione per vivere; più ragioni per vivere;
        meglio morto; meglio morta; meglio senza di me; farmi del male; stanco di vivere; stanca di
        vivere; più senso vivere; non svegliarmi più; prendere tutte le mie pastiglie; impiccarmi;
        tagliarmi le vene""",
}
# Words that contain what is often held, and names of medicines that people with multiple sclerosis take.
ALLOWED = """specialist; specialists; specialised; socialist; socialists; socialism; Wordpress; expression;
    Tysabri; natalizumab; Copaxone; glatiramer; Avonex; Rebif; Betaferon; Betaseron; Plegridy; Gilenya;
    fingolimod; Tecfidera; dimethyl fumarate; Aubagio; teriflunomide; Ocrevus; ocrelizumab; Kesimpta;
    ofatumumab; Lemtrada; alemtuzumab; Mavenclad; cladribine; baclofen; Lioresal; tizanidine; Sativex;
    nabiximols; Fampyra; fampridine; dalfampridine; amantadine; gabapentin; pregabalin; amitriptyline;
    modafinil; methylprednisolone; oxybutynin; interferon; vitamin D"""
CLAIMS = {
    "en": """miracle cure; natural cure; cured my ms; cured his ms; cured her ms; cured of ms; cure for ms; cures
        ms; cure your ms; cures multiple sclerosis; cured my multiple sclerosis; doctors don't want
        you to; stop taking your medication; stop your medication; stop taking your pills; threw
        away my pills; off all medication; reverse your ms; reversed my ms""",
    "de": """wundermittel; geheilt von ms; ms geheilt; ms ist heilbar; heilt ms; tabletten absetzen; medikamente
        absetzen""",
    "fr": """remède miracle; guérit la sclérose; guéri de la sclérose; guérie de la sclérose; arrêter vos
        médicaments""",
    "es": """cura milagrosa; remedio milagroso; cura la esclerosis; curado de la esclerosis; dejar la medicación""",
    "it": """cura miracolosa; rimedio miracoloso; guarito dalla sclerosi; guarita dalla sclerosi; smettere i
        farmaci""",
}
DOSE = r"\b[0-9]+(?:[.,][0-9]+)? ?(?:mg|mcg|μg|ug|ml|iu|ie|grams?|milligrams?|milligramm)\b"


def rules_of(Rule):
    """All of them, unsaved."""
    made = []
    for language, phrases in CRISIS.items():
        said = {"effect": "crisis", "label": "Language of crisis", "language": language}
        made += [Rule(kind="words", text=text, **said) for text in _spellings(phrases)]
    made += [Rule(kind="words", text=text, effect="allow") for text in _listed(ALLOWED)]
    for language, phrases in CLAIMS.items():
        said = {"effect": "mark", "label": "Claims a cure", "language": language}
        made += [Rule(kind="words", text=text, **said) for text in _spellings(phrases)]
    made.append(Rule(kind="pattern", text=DOSE, effect="mark", label="Names a dose"))
    made.append(Rule(kind="links", number=2, effect="hold", label="More than two links"))
    return made


def _listed(phrases):
    return [" ".join(phrase.split()) for phrase in phrases.split(";")]


def _spellings(phrases):
    """Phrases, and the same without accents, as many people type them."""
    listed = _listed(phrases)
    bare = [
        "".join(c for c in unicodedata.normalize("NFD", phrase) if not unicodedata.combining(c))
        for phrase in listed
    ]
    return list(dict.fromkeys([*listed, *bare]))


def put(apps, schema_editor):
    """Store them where there is no rule yet."""
    Rule = apps.get_model("forum", "Rule")
    if not Rule.objects.exists():
        Rule.objects.bulk_create(rules_of(Rule))


def take(apps, schema_editor):
    """Take away those that nobody has touched."""
    apps.get_model("forum", "Rule").objects.filter(by=None).delete()


class Migration(migrations.Migration):

    dependencies = [
        ("forum", "0015_policy_reports_appeals_and_rehearsals"),
    ]

    operations = [
        migrations.RunPython(put, take),
    ]
