"""How Excel writes error values, in English and in the languages whose own it has, and LibreOffice
by number.

A file holds the English ones, marked as errors; typed, pasted or exported as CSV they come as text.
"""

from __future__ import annotations

import re

BY_LANGUAGE = {
    "English": (
        *("#N/A", "#DIV/0!", "#REF!", "#NAME?", "#VALUE!", "#NUM!", "#NULL!", "#SPILL!", "#CALC!"),
        *("#GETTING_DATA", "#FIELD!", "#BLOCKED!", "#CONNECT!", "#BUSY!", "#UNKNOWN!", "#PYTHON!"),
        *("#EXTERNAL!", "#TIMEOUT!"),
    ),
    "German": ("#NV", "#BEZUG!", "#WERT!", "#ZAHL!", "#ÜBERLAUF!", "#KALK!", "#FELD!"),
    "French": ("#NOM?", "#VALEUR!", "#NOMBRE!", "#NUL!", "#PROPAGATION!", "#CHAMP!"),
    "Spanish": (
        *("#N/D", "#¡DIV/0!", "#¡REF!", "#¿NOMBRE?", "#¡VALOR!", "#¡NUM!", "#¡NULO!"),
        *("#¡DESBORDAMIENTO!", "#¡CALC!", "#¡CAMPO!"),
    ),
    "Italian": ("#VALORE!", "#NOME?", "#RIF!", "#NULLO!", "#ESPANSIONE!"),
    "Portuguese": ("#VALOR!", "#NÚM!", "#NULO!", "#DESPEJAR!"),
    "Dutch": ("#N/B", "#WAARDE!", "#NAAM?", "#VERW!", "#GETAL!", "#LEEG!", "#DEEL/0!"),
    "Polish": ("#ARG!", "#NAZWA?", "#ADR!", "#LICZBA!", "#ZERO!", "#N/D!", "#DZIEL/0!"),
    "Russian": ("#Н/Д", "#ДЕЛ/0!", "#ССЫЛКА!", "#ИМЯ?", "#ЗНАЧ!", "#ЧИСЛО!", "#ПУСТО!"),
    "Swedish": (
        *("#SAKNAS!", "#VÄRDEFEL!", "#REFERENS!", "#NAMN?", "#OGILTIGT!", "#DIVISION/0!"),
        "#SKÄRNING!",
    ),
    "Danish": ("#I/T", "#VÆRDI!", "#REFERENCE!", "#NAVN?", "#DIVISION/0!"),
    "Norwegian": ("#VERDI!",),
    "Finnish": (
        *("#PUUTTUU", "#PUUTTUU!", "#ARVO!", "#VIITTAUS!", "#NIMI?", "#LUKU!", "#JAKO/0!"),
        "#TYHJÄ!",
    ),
    "Czech": (
        *("#NENÍ_K_DISPOZICI", "#HODNOTA!", "#ODKAZ!", "#NÁZEV?", "#ČÍSLO!", "#DĚLENÍ_NULOU!"),
    ),
    "Slovak": ("#NEDOSTUPNÝ", "#NÁZOV?", "#DELENIENULOU!", "#NEPLATNÝ!"),
    "Hungarian": (*("#HIÁNYZIK", "#ÉRTÉK!", "#HIV!", "#NÉV?", "#SZÁM!", "#ZÉRÓOSZTÓ!", "#NULLA!"),),
    "Romanian": ("#VALOARE!", "#NUME?"),
    "Croatian": ("#VRIJEDNOST!", "#BROJ!", "#DIJ/0!", "#NAZIV?"),
    "Slovenian": ("#N/V", "#VREDN!", "#ŠTEV!", "#DEL/0!", "#IME?", "#SKLIC!", "#NIČ!"),
    "Turkish": ("#YOK", "#DEĞER!", "#BAŞV!", "#AD?", "#SAYI!", "#SAYI/0!", "#BOŞ!"),
    "Greek": ("#Δ/Υ", "#ΤΙΜΗ!", "#ΑΝΑΦ!", "#ΟΝΟΜΑ?", "#ΑΡΙΘ!", "#ΔΙΑΙΡ./0!", "#ΚΕΝΟ!"),
}
BY_NUMBER = re.compile(r"Err:[0-9]{3}")
ERROR_VALUES = frozenset(text for texts in BY_LANGUAGE.values() for text in texts)
