package text

import "testing"

func TestMarkup(t *testing.T) {
	assertValues(t,
		"<password>⟨gra nite⟩</password>", `<Password Type="Text">⟨granite⟩</Password>`, `<wsse:Password Type="Text">⟨granite⟩</wsse:Password>`, "<password><![CDATA[⟨gra]nite <x>⟩]]></password>",
		"<password>\n  ⟨granite⟩\n</password>", "<password\n  a=\"b\">⟨granite⟩</password>", "<password>⟨granite⟩", `<user password="⟨granite⟩" n="1"/>`, `<add key="token" value="⟨granite⟩"/>`, `<add value="⟨granite⟩" key="token"/>`,
		`<property name="jdbc.password">⟨granite⟩</property>`, `<input type="hidden" name="csrf_token" value="⟨granite⟩">`, `<meta name="csrf-token" content="⟨granite⟩">`,
		`<data name="Password" xml:space="preserve"><value>⟨granite⟩</value></data>`, "<key>apiToken</key>\n<string>⟨granite⟩</string>", "<SecureToken '⟨granite⟩'>",
		"<password></password>", "<password/>", "<token>\n  <dir x='1'>\n</token>", `<module name="token"><file>a.py</file></module>`, "use <token> here", "</password>granite",
	)
}
