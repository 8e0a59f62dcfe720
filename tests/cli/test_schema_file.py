# SPDX-License-Identifier: Apache-2.0
"""--schema: an output, or an input, against a schema of its syntax; nothing is fetched, and no value is told."""
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
import harness
from harness import DATA, GOLDEN, Case

XS = '<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"%s>%s</xs:schema>'
LIST = """<xs:element name="list"><xs:complexType><xs:sequence>
  <xs:element name="person" maxOccurs="unbounded"><xs:complexType><xs:sequence>
    <xs:element name="number" type="xs:positiveInteger"/>
    <xs:element name="name"><xs:simpleType><xs:restriction base="xs:string"><xs:maxLength value="5"/></xs:restriction></xs:simpleType></xs:element>
    <xs:element name="born" type="xs:date" minOccurs="0"/>
  </xs:sequence><xs:attribute name="sex"/></xs:complexType></xs:element>
</xs:sequence></xs:complexType></xs:element>"""
FORMAT = """format: x
title: Persons
status: modelled
engine: xml
%srecords:
  - at: list/person
    set: {notice.type: warn, notice.issuer: X, subject.kind: person}
    map:
      "@sex": subject.sex
      number: notice.id
      name: "subject.name(primary).full"
      born: subject.birth.date
"""
NOTICE = '{"notice":{"id":"%s","type":"warn","issuer":"X"},"subject":[{"kind":"person","name":[{"kind":"primary","full":"%s"}]}]}\n'
DOCUMENT = "<list><person><number>%s</number><name>%s</name>%s</person></list>"


class Schema(Case):
    def setUp(self):
        super().setUp()
        self.write("x.yaml", FORMAT % "")
        self.write("list.xsd", XS % ("", LIST))
        self.env = {"DRAGOMAN_FORMAT_PATH": str(self.folder)}

    def convert(self, text, *args, status=0):
        self.write("in.jsonl", text)
        (self.folder / "out.xml").unlink(missing_ok=True)
        return self.run_program("convert", "-t", "x", "-o", "out.xml", "--schema", "list.xsd", *args, "in.jsonl", status=status, env=self.env)

    def validate(self, document, *args, status=0):
        self.write("in.xml", document)
        return self.run_program("validate", "-f", "x", "--schema", "list.xsd", *args, "in.xml", status=status, env=self.env)

    def test_output_that_obeys(self):
        self.convert(NOTICE % (1, "Ana"))
        self.assertIn("<name>Ana</name>", (self.folder / "out.xml").read_text())
        self.convert(NOTICE % (1, "Ana"), "--verify", "1")

    def test_output_that_does_not(self):
        """Every breach, by its line; nothing is published, and no value is told."""
        result = self.convert(NOTICE % ("secret", "Ana") + NOTICE % (2, "Anastasia"), status=4)
        self.assertFalse((self.folder / "out.xml").exists())
        self.assertRegex(result.err, r"output:4:\d+: error: element 'number': its value is not allowed \[xml-schema-violation\]")
        self.assertRegex(result.err, r"output:9:\d+: error: element 'name': its value is not allowed, \[facet 'maxLength'\] \[xml-schema-violation\]")
        for value in ("secret", "Anastasia"):
            self.assertNotIn(value, result.err)

    def test_other_encoding(self):
        self.convert(NOTICE % (1, "\u0410\u043d\u043d\u0430"), "--to-encoding", "windows-1251")
        self.assertIn("\u0410\u043d\u043d\u0430".encode("cp1251"), (self.folder / "out.xml").read_bytes())
        self.convert(NOTICE % (1, "\u0410\u043d\u043d\u0430"), "--to-encoding", "utf-16")

    def test_inputs(self):
        self.validate(DOCUMENT % (1, "Ana", "<born>1980-01-01</born>"))
        result = self.validate(DOCUMENT % (1, "Ana", "<born>1980-02-31</born>"), status=1)
        self.assertRegex(result.err, r"in\.xml:1:1: error: element 'born': its value is not allowed \[xml-schema-violation\]")
        result = self.validate(DOCUMENT % (1, "Ana", "<born>1980</born><who/>"), "--report-format", "json", status=1)
        self.assertIn(b'"xml-schema-violation"', result.out)
        result = self.validate("<list><person><name>Ana</name></person></list>", status=1)
        self.assertIn("element 'name': This element is not expected. Expected is ( number ).", result.err)
        self.validate(DOCUMENT % (1, "Ana", "<who/>"), "--ignore", "xml-schema-violation", status=1)

    def test_many(self):
        """What is reported has a limit, what is found fault with has none."""
        result = self.validate("<list>" + "<person><number>0</number><name>A</name></person>" * 3000 + "</list>", "-v", status=1)
        self.assertEqual(result.err.count("[xml-schema-violation]"), 1000)

    def test_schemas_of_no_use(self):
        other = '<xs:include schemaLocation="other.xsd"/>'
        fetched = '<xs:import namespace="urn:x" schemaLocation="http://example.org/x.xsd"/>'
        entity = '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>' + XS % ("", "&e;" + LIST)
        self.write("other.xsd", XS % ("", LIST))
        for schema, said in (("", "list.xsd, line"), ("<a/>", "list.xsd, line"), ("<a>", "list.xsd, line"),
                             (XS % ("", LIST[:-9]), "list.xsd, line"), (XS % ("", other), "nothing is fetched"),
                             (XS % ("", fetched + LIST), "nothing is fetched"),
                             (XS % ("", '<xs:redefine schemaLocation="other.xsd"/>'), "nothing is fetched"),
                             (entity, "document type"), (XS % ("", LIST.replace("xs:date", "xs:nonsense")), "list.xsd, line")):
            with self.subTest(schema=schema[:80]):
                self.write("list.xsd", schema)
                result = self.convert(NOTICE % (1, "Ana"), status=5)
                self.assertIn("[xml-schema-unusable]", result.err)
                self.assertIn(said, result.err)
                self.assertNotIn("root:", result.err)
                self.assertFalse((self.folder / "out.xml").exists())
        self.write("list.xsd", XS % ("", '<xs:import namespace="urn:x"/>' + LIST))
        self.convert(NOTICE % (1, "Ana"))

    def test_documents_fetch_nothing(self):
        """Neither a schema that a document names nor a document type is looked for."""
        hint = 'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:noNamespaceSchemaLocation="http://example.org/x.xsd"'
        self.validate((DOCUMENT % (1, "Ana", "")).replace("<list>", f"<list {hint}>"))
        result = self.validate('<!DOCTYPE list SYSTEM "list.dtd">' + DOCUMENT % (1, "Ana", ""), status=3)
        self.assertIn("[xml-doctype]", result.err)

    def test_of_no_use_here(self):
        self.write("in.jsonl", NOTICE % (1, "Ana"))
        self.assertIn("knows no schemas", self.run_program("convert", "-t", "notice-csv", "-o", "out", "--schema", "list.xsd", "in.jsonl", status=5).err)
        self.assertIn("[schema-unusable]", self.run_program("convert", "-t", "x", "-o", "out", "--schema", "none.xsd", "in.jsonl", status=2).err)
        self.assertIn("need a file", self.run_program("convert", "-t", "un-sc", "--schema", "list.xsd", "in.jsonl", status=2).err)
        self.assertIn("twice", self.run_program("validate", "--schema", "list.xsd", "-", status=2).err)

    def test_schemas_of_the_program(self):
        """The XSD that the program prints of its own form."""
        self.write("notices.xsd", self.run_program("schema", "--xsd").out)
        for sample in sorted(GOLDEN.glob("notice-xml/*.xml")):
            self.run_program("convert", "-t", "notice-xml", "-o", "out.xml", "--schema", "notices.xsd", "--allow-handling-loss", sample)
            self.run_program("validate", "--schema", "notices.xsd", sample, status=(0, 1))

    def test_schemas_of_organisations(self):
        """As xmllint has it, where they are at hand."""
        if not DATA.is_dir():
            self.skipTest("the schemas of the UN and of goAML are not there")
        for target, schema, samples in (("un-sc", DATA / "un" / "sc-sanctions.xsd", GOLDEN / "un-sc"),
                                        ("unodc", DATA / "goaml" / "goAMLSchema-5.0.2-strict.xsd", GOLDEN / "unodc")):
            for sample in sorted(samples.glob("*.xml")):
                with self.subTest(sample=sample.name):
                    lint = subprocess.run(["xmllint", "--noout", "--schema", schema, sample], capture_output=True, check=False)
                    result = self.run_program("validate", "--log-format", "json", "-v", "--schema", schema, sample, status=(0, 1))
                    found = [message for message in result.messages() if message["code"] == "xml-schema-violation"]
                    self.assertEqual(len(found), lint.stderr.count(b"Schemas validity error"))
                    if lint.returncode == 0:
                        self.run_program("convert", "-t", target, "-o", "out.xml", "--schema", schema, sample)


harness.main()
