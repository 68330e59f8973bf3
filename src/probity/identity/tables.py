"""What the first two characters of a USCC mean: the registering department and the type of organisation.

The text of GB 32100 could not be read for this project; the tables are the ones that public code agrees on
(rulesheet O1). So a pair that is not here is worth a warning, never an error.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Label:
    """A name in English and Chinese."""

    en: str
    zh: str


DEPARTMENTS: dict[str, Label] = {
    "1": Label("Staffing commission", "机构编制"),
    "2": Label("Foreign affairs", "外交"),
    "3": Label("Justice administration", "司法行政"),
    "4": Label("Culture", "文化"),
    "5": Label("Civil affairs", "民政"),
    "6": Label("Tourism", "旅游"),
    "7": Label("Religious affairs", "宗教"),
    "8": Label("Trade unions", "工会"),
    "9": Label("Market regulation", "工商"),
    "A": Label("Reform and staffing office of the Central Military Commission", "中央军委改革和编制办公室"),
    "N": Label("Agriculture", "农业"),
    "Y": Label("Other", "其他"),
}

_OTHER = Label("Other", "其他")

TYPES: dict[str, Label] = {
    "11": Label("Government body", "机关"),
    "12": Label("Public institution", "事业单位"),
    "13": Label("Mass organisation staffed by the commission", "编办直接管理机构编制的群众团体"),
    "19": _OTHER,
    "21": Label("Permanent office of foreign news media", "外国常驻新闻机构"),
    "29": _OTHER,
    "31": Label("Law firm", "律师执业机构"),
    "32": Label("Notary office", "公证处"),
    "33": Label("Grassroots legal service office", "基层法律服务所"),
    "34": Label("Forensic institution", "司法鉴定机构"),
    "35": Label("Arbitration commission", "仲裁委员会"),
    "39": _OTHER,
    "41": Label("Foreign cultural centre in China", "外国在华文化中心"),
    "49": _OTHER,
    "51": Label("Social association", "社会团体"),
    "52": Label("Private non-enterprise unit", "民办非企业单位"),
    "53": Label("Foundation", "基金会"),
    "59": _OTHER,
    "61": Label("Representative office of a foreign tourism authority", "外国旅游部门常驻代表机构"),
    "62": Label(
        "Mainland representative office of a Hong Kong, Macao or Taiwan tourism authority",
        "港澳台地区旅游部门常驻内地(大陆)代表机构",
    ),
    "69": _OTHER,
    "71": Label("Site for religious activities", "宗教活动场所"),
    "72": Label("Religious school", "宗教院校"),
    "79": _OTHER,
    "81": Label("Grassroots trade union", "基层工会"),
    "89": _OTHER,
    "91": Label("Enterprise", "企业"),
    "92": Label("Individual trader", "个体工商户"),
    "93": Label("Specialised farmers' cooperative", "农民专业合作社"),
    "A1": Label("Military public institution", "军队事业单位"),
    "A9": _OTHER,
    "N1": Label("Collective economic organisation of a villagers' group", "组级集体经济组织"),
    "N2": Label("Collective economic organisation of a village", "村级集体经济组织"),
    "N3": Label("Collective economic organisation of a township", "乡镇级集体经济组织"),
    "N9": _OTHER,
    "Y1": _OTHER,
}

_ENTERPRISE = "enterprise"
_SOCIAL = "social-organisation"
_INSTITUTION = "public-institution"
_GOVERNMENT = "government-body"
_UNINCORPORATED = "unincorporated"

KINDS: dict[str, str] = {
    "11": _GOVERNMENT,
    # 13: associations such as the women's federation, which the civil affairs register leaves out.
    "13": _SOCIAL,
    "12": _INSTITUTION,
    # 19: on the state's staff list without being a government body.
    "19": _INSTITUTION,
    # Notaries and arbitration commissions are set up to serve the public and may not make a profit.
    "32": _INSTITUTION,
    "35": _INSTITUTION,
    # Law firms are partnerships; the other offices of departments 2, 3, 4 and 6 are no legal persons either.
    **dict.fromkeys(("21", "29", "31", "33", "34", "39", "41", "49", "61", "62", "69"), _UNINCORPORATED),
    **dict.fromkeys(("51", "52", "53", "59", "71", "72", "79", "81", "89"), _SOCIAL),
    "91": _ENTERPRISE,
    # A farmers' cooperative trades for its members, shares out its surplus and is registered, inspected and
    # penalised by the market regulator under the rules for enterprises.
    "93": _ENTERPRISE,
    "A1": _INSTITUTION,
    "A9": _INSTITUTION,
    # Rural collectives manage the village's assets as a business does; the law makes them legal persons.
    **dict.fromkeys(("N1", "N2", "N3", "N9"), _ENTERPRISE),
    "Y1": _UNINCORPORATED,
}
"""The kind of organisation by department and type, in the values of the rulebook's ``OrganisationKind``.

There is no kind for 92: an individual trader is a person (charter 1).
"""
