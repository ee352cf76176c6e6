"""What a return can have wrong, and how it is said in two languages."""

from __future__ import annotations

import enum
from collections.abc import Mapping


class Kind(enum.StrEnum):
    """What a filing can have wrong."""

    NEGATIVE = "negative"
    TOO_LARGE = "too large"
    UNKNOWN_CLASS = "unknown class"
    UNKNOWN_REGION = "unknown region"
    UNKNOWN_DEDUCTION = "unknown deduction"
    DOUBLED_LINE = "doubled line"
    DOUBLED_DEDUCTION = "doubled deduction"
    DEDUCTIONS_OVER_GROSS = "deductions over gross"
    DEDUCTION_NOT_ALLOWED = "deduction not allowed"
    DEDUCTION_OVER_LIMIT = "deduction over limit"
    NOT_REGISTERED = "not registered"
    NOT_OWED = "not owed"
    NO_LAW = "no law"
    TOO_MANY_LINES = "too many lines"
    UNKNOWN_FORM = "unknown form"
    FORM_NOT_VALID = "form not valid"
    NO_FORM = "no form"
    NOT_ON_FORM = "not on form"
    UNKNOWN_FIGURE = "unknown figure"
    DOUBLED_FIGURE = "doubled figure"
    FIGURE_WRONG = "figure wrong"
    LAND_WITHOUT_TAX = "land without tax"
    LAND_OVER_GROSS = "land over gross"
    NO_SCHEDULE = "no schedule"
    UNKNOWN_LOCATION = "unknown location"
    DOUBLED_LOCATION = "doubled location"
    LOCATION_OVER_GROSS = "location over gross"
    LOCATIONS_DO_NOT_ADD_UP = "locations do not add up"
    NO_SUCH_ACCOUNT = "no such account"
    ACCOUNT_IS_CLOSED = "account is closed"


WORDS: Mapping[Kind, Mapping[str, str]] = {
    Kind.NEGATIVE: {
        "en": "{what} is below zero, {amount}. Write it without the sign, or leave it empty.",
        "es": "{what} es menor que cero, {amount}. Escríbalo sin el signo o déjelo vacío.",
    },
    Kind.TOO_LARGE: {
        "en": "{what} is {amount}, more than the {limit} that a return can carry. Check the "
        "decimal point.",
        "es": "{what} es {amount}, más de los {limit} que admite una declaración. Revise el "
        "punto decimal.",
    },
    Kind.UNKNOWN_CLASS: {
        "en": "There is no business class “{code}” in this period. Take one from the list.",
        "es": "No existe la clase de negocio “{code}” en este período. Elija una de la lista.",
    },
    Kind.UNKNOWN_REGION: {
        "en": "There is no region “{code}” in this period. Take one from the list.",
        "es": "No existe la región “{code}” en este período. Elija una de la lista.",
    },
    Kind.UNKNOWN_DEDUCTION: {
        "en": "There is no deduction code “{code}” in this period. Take one from the list.",
        "es": "No existe el código de deducción “{code}” en este período. Elija uno de la lista.",
    },
    Kind.DOUBLED_LINE: {
        "en": "Class “{code}” of region “{region}” is already on line {other}. Put both on one "
        "line.",
        "es": "La clase “{code}” de la región “{region}” ya está en la línea {other}. Póngalas en "
        "una sola línea.",
    },
    Kind.DOUBLED_DEDUCTION: {
        "en": "Deduction code “{code}” is there {count} times. Write it once, with the sum.",
        "es": "El código de deducción “{code}” aparece {count} veces. Escríbalo una vez, con la "
        "suma.",
    },
    Kind.DEDUCTIONS_OVER_GROSS: {
        "en": "Deductions of {amount} are more than the gross receipts of {limit}. Correct one of "
        "them.",
        "es": "Las deducciones de {amount} superan los ingresos brutos de {limit}. Corrija una de "
        "las cifras.",
    },
    Kind.DEDUCTION_NOT_ALLOWED: {
        "en": "Class “{class_code}” may not take deduction code “{code}”. Remove it, or correct "
        "the class.",
        "es": "La clase “{class_code}” no puede tomar el código de deducción “{code}”. Quítelo o "
        "corrija la clase.",
    },
    Kind.DEDUCTION_OVER_LIMIT: {
        "en": "Deduction code “{code}” is {amount}; on this line it may be at most {limit}.",
        "es": "El código de deducción “{code}” es {amount}; en esta línea puede ser como máximo "
        "{limit}.",
    },
    Kind.NOT_REGISTERED: {
        "en": "The account is not registered for class “{code}” in region “{region}” in this "
        "period. Register it, or correct the line.",
        "es": "La cuenta no está registrada para la clase “{code}” en la región “{region}” en este "
        "período. Regístrela o corrija la línea.",
    },
    Kind.NOT_OWED: {
        "en": "On {received} the account owes no return for a period from {starts}. {why} The "
        "latest periods that are over begin on: {periods}. Correct the period or the day it was "
        "received, or register the account for it.",
        "es": "Al {received} la cuenta no debe declaración de un período desde {starts}. {why} Los "
        "últimos períodos terminados comienzan el: {periods}. Corrija el período o el día de "
        "recepción, o registre la cuenta.",
    },
    Kind.NO_LAW: {
        "en": "The tables give no tax for class “{class_code}” in region “{region}” in this "
        "period. Correct the line, or have a rule added to the tables.",
        "es": "Las tablas no dan impuesto para la clase “{class_code}” en la región “{region}” en "
        "este período. Corrija la línea o pida que se agregue una regla a las tablas.",
    },
    Kind.TOO_MANY_LINES: {
        "en": "The return has {count} lines; its form takes at most {limit}. Put lines of the same "
        "region and class together, or look at whether the file is of one return.",
        "es": "La declaración tiene {count} líneas; su formulario admite como máximo {limit}. "
        "Reúna las líneas de la misma región y clase, o vea si el archivo es de una sola "
        "declaración.",
    },
    Kind.UNKNOWN_FORM: {
        "en": "There is no form “{code}”. Forms of this period: {others}.",
        "es": "No existe el formulario “{code}”. Formularios de este período: {others}.",
    },
    Kind.FORM_NOT_VALID: {
        "en": "Form “{code}” is for periods that begin {days}, and this one begins on {starts}. "
        "Forms of this period: {others}.",
        "es": "El formulario “{code}” es para períodos que comienzan {days}, y este comienza el "
        "{starts}. Formularios de este período: {others}.",
    },
    Kind.NO_FORM: {
        "en": "No form of this period takes all that the account is registered for. Choose a form "
        "for the lines, or correct the registrations. Forms of this period: {others}.",
        "es": "Ningún formulario de este período admite todo aquello para lo que la cuenta está "
        "registrada. Elija un formulario para las líneas o corrija los registros. Formularios de "
        "este período: {others}.",
    },
    Kind.NOT_ON_FORM: {
        "en": "Form “{form}” has no place for class “{class_code}” in region “{region}”. Correct "
        "the line, or use another form.",
        "es": "El formulario “{form}” no tiene lugar para la clase “{class_code}” en la región "
        "“{region}”. Corrija la línea o use otro formulario.",
    },
    Kind.UNKNOWN_FIGURE: {
        "en": "Form “{form}” has no figure “{key}” that a filer works out. Take one of: {others}.",
        "es": "El formulario “{form}” no tiene una cifra “{key}” que calcule el contribuyente. "
        "Elija una de: {others}.",
    },
    Kind.DOUBLED_FIGURE: {
        "en": "Figure “{key}” is written {count} times. Write it once.",
        "es": "La cifra “{key}” está escrita {count} veces. Escríbala una vez.",
    },
    Kind.FIGURE_WRONG: {
        "en": "{what} ({key}) is {amount} on the return; it comes to {limit}. Ask the filer which "
        "figures are right, and correct them.",
        "es": "{what} ({key}) es {amount} en la declaración; el resultado es {limit}. Pregunte al "
        "contribuyente qué cifras son correctas y corríjalas.",
    },
    Kind.LAND_WITHOUT_TAX: {
        "en": "The price of land is {amount}, on receipts without tax in them. Mark that they "
        "include tax, or deduct land under its code.",
        "es": "El precio del terreno es {amount}, en ingresos sin impuesto incluido. Marque que "
        "incluyen impuesto o deduzca el terreno con su código.",
    },
    Kind.LAND_OVER_GROSS: {
        "en": "The price of land of {amount} is more than the gross receipts of {limit}. Correct "
        "one of them.",
        "es": "El precio del terreno de {amount} supera los ingresos brutos de {limit}. Corrija "
        "una de las cifras.",
    },
    Kind.NO_SCHEDULE: {
        "en": "The account files for several locations, and the line does not say how much is of "
        "which. Write it by location: {locations}.",
        "es": "La cuenta declara por varios locales y la línea no dice cuánto es de cuál. "
        "Escríbalo por local: {locations}.",
    },
    Kind.UNKNOWN_LOCATION: {
        "en": "Location “{code}” is none that the account files for in this period. Take one of: "
        "{others}.",
        "es": "El local “{code}” no es uno por los que declara la cuenta en este período. Elija "
        "uno de: {others}.",
    },
    Kind.DOUBLED_LOCATION: {
        "en": "Location “{code}” is there {count} times. Write it once, with the sum.",
        "es": "El local “{code}” aparece {count} veces. Escríbalo una vez, con la suma.",
    },
    Kind.LOCATION_OVER_GROSS: {
        "en": "Deductions of {amount} at location “{code}” are more than its gross receipts of "
        "{limit}. Correct one of them.",
        "es": "Las deducciones de {amount} en el local “{code}” superan sus ingresos brutos de "
        "{limit}. Corrija una de las cifras.",
    },
    Kind.LOCATIONS_DO_NOT_ADD_UP: {
        "en": "{what} by location: {amount} in all. The line says {limit}; they may be {tolerance} "
        "apart. Correct the line or its locations.",
        "es": "{what} por local: {amount} en total. La línea dice {limit}; pueden diferir en "
        "{tolerance}. Corrija la línea o sus locales.",
    },
    Kind.NO_SUCH_ACCOUNT: {
        "en": "There is no account {number}. Find whose return it is, and file it there.",
        "es": "No existe la cuenta {number}. Busque de quién es la declaración y preséntela allí.",
    },
    Kind.ACCOUNT_IS_CLOSED: {
        "en": "The account was closed on {day}, before the return came on {received}. Look whether "
        "it is a final return, or of another account; file it if it is owed.",
        "es": "La cuenta se cerró el {day}, antes de que llegara la declaración el {received}. Vea "
        "si es una declaración final o de otra cuenta; preséntela si se debe.",
    },
}
LINE = {"en": "Line {number}: ", "es": "Línea {number}: "}
NAMES: Mapping[str, Mapping[str, str]] = {
    "gross": {"en": "Gross receipts", "es": "El total de ingresos brutos"},
    "all_gross": {
        "en": "The gross receipts of all lines",
        "es": "El total de ingresos brutos de todas las líneas",
    },
    "deductions": {"en": "Deductions", "es": "Las deducciones"},
    "at_gross": {
        "en": "The gross receipts of a location",
        "es": "El total de ingresos brutos de un local",
    },
    "at_deducted": {
        "en": "The deductions of a location",
        "es": "El total de deducciones de un local",
    },
    "land": {"en": "The price of land", "es": "El precio del terreno"},
    "item_price": {"en": "The price of the item", "es": "El precio del artículo"},
    "units": {"en": "The number of units", "es": "El número de unidades"},
    "filed": {"en": "A figure as filed", "es": "Una cifra declarada"},
    "deduction": {"en": "A deduction", "es": "Una deducción"},
    "excess_tax": {"en": "Excess tax collected", "es": "El impuesto cobrado en exceso"},
    "credit_carried": {"en": "The credit carried", "es": "El crédito de períodos anteriores"},
    "estimated_payments": {"en": "Estimated payments", "es": "El total de pagos estimados"},
    "credit_taken_in_year": {
        "en": "The accounting credit of the year",
        "es": "El crédito contable del año",
    },
}
