"""How Excel writes error values, in English and in the languages whose own it has.

A file holds the English ones, marked as errors; typed, pasted or exported as CSV they come as text.
"""

from __future__ import annotations

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
}
ERROR_VALUES = frozenset(text for texts in BY_LANGUAGE.values() for text in texts)
