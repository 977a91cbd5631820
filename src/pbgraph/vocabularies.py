"""The words of the vocabularies in which ontologies are written: RDF Schema, OWL 2 and SKOS."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from pbgraph.terms import OWL, RDFS

SKOS = "http://www.w3.org/2004/02/skos/core#"

_RDFS = """
Class Datatype Literal Resource comment domain isDefinedBy label member range seeAlso subClassOf subPropertyOf
"""
_OWL = """
AllDifferent AllDisjointClasses AllDisjointProperties Annotation AnnotationProperty AsymmetricProperty Axiom Class
DataRange DatatypeProperty DeprecatedClass DeprecatedProperty FunctionalProperty InverseFunctionalProperty
IrreflexiveProperty NamedIndividual NegativePropertyAssertion Nothing ObjectProperty Ontology OntologyProperty
ReflexiveProperty Restriction SymmetricProperty Thing TransitiveProperty allValuesFrom annotatedProperty annotatedSource
annotatedTarget assertionProperty backwardCompatibleWith bottomDataProperty bottomObjectProperty cardinality
complementOf datatypeComplementOf deprecated differentFrom disjointUnionOf disjointWith distinctMembers equivalentClass
equivalentProperty hasKey hasSelf hasValue imports incompatibleWith intersectionOf inverseOf maxCardinality
maxQualifiedCardinality members minCardinality minQualifiedCardinality onClass onDataRange onDatatype onProperties
onProperty oneOf priorVersion propertyChainAxiom propertyDisjointWith qualifiedCardinality sameAs someValuesFrom
sourceIndividual targetIndividual targetValue topDataProperty topObjectProperty unionOf versionIRI versionInfo
withRestrictions
"""
_SKOS = """
Collection Concept ConceptScheme OrderedCollection altLabel broadMatch broader broaderTransitive changeNote closeMatch
definition editorialNote exactMatch example hasTopConcept hiddenLabel historyNote inScheme mappingRelation member
memberList narrowMatch narrower narrowerTransitive notation note prefLabel related relatedMatch scopeNote
semanticRelation topConceptOf
"""

WORDS: Mapping[str, frozenset[str]] = {
    space: frozenset(text.split()) for space, text in ((RDFS, _RDFS), (OWL, _OWL), (SKOS, _SKOS))
}
"""By namespace its terms (RDF Schema 1.1, section 6, containers apart; OWL 2, RDF mapping, section 2; SKOS, appendix A)."""


def words(prefixes: Mapping[str, str]) -> dict[str, Collection[str]]:
    """The terms of these vocabularies by the prefixes that stand for them."""
    return {prefix: WORDS[space] for prefix, space in prefixes.items() if space in WORDS}
