package rules

import "strings"

// vocabulary has the words and phrases that make a name sensitive, with what is to be said
// of their values. A phrase that ends in "." must be the whole name, one that ends in "$"
// must be at its end, and each may be written in one word: "api key" is apikey as well. Of
// those that begin with the same word, the first wins.
var vocabulary = []struct {
	kind    *kind
	phrases []string
}{
	{directory, []string{"pwd.", "oldpwd", "old pwd."}},
	{short, counted},
	{certain, passwords},
	{certain, passwordsElsewhere},
	{certain, secretKeys},
	{certain, proofs},
	{certain, cardData},
	{certain, identities},
	{narrated, []string{
		"passphrase", "pass phrase", "seed phrase", "recovery phrase", "mnemonic", "mnemonic phrase",
		"diagnosis", "diagnoses", "medical history", "medical condition", "medical conditions", "medication", "medications",
		"prescription", "prescriptions", "allergies", "lab result", "lab results", "health condition", "health conditions", "symptoms", "disability", "disabilities", "genetic data", "religion",
	}},
	{certain, oneTimeCodes},
	{certain, []string{"pin."}},
	{short, []string{"pin$", "pass$"}},
	{filed, []string{"credential", "credentials", "private key", "private keys"}},
	{delivered, []string{"dsn"}},
	{certainLabel, []string{
		"token", "access token", "auth token", "refresh token", "session token", "api token", "user token", "id token", "bearer token", "client token", "bot token",
		"access tokens", "auth tokens", "refresh tokens", "api tokens", "bearer", "authorization", "jwt", "csrf", "csrf token", "xsrf", "xsrf token",
	}},
	{numbered, []string{"asp net session id", "beaker session id"}},
	{likely, likelySecrets},
	{identifying, []string{
		"birth date", "birthday", "credit card$", "debit card$", "cc num", "passport$", "tin$", "nif$", "nie$", "nir$", "rut$", "ahv$", "sort code", "health plan number", "beneficiary number",
	}},
	{authLabel, []string{"auth$", "auths$"}},
	{sessionLabel, []string{"session$", "sess$"}},
	{queried, []string{"key.", "code."}},
}

// counted are names of several, under which also stands how many there are.
var counted = []string{"passwords", "secrets", "api keys", "access keys", "cookies"}

// passwords are what people and programs sign in with.
var passwords = []string{"password", "passwd", "passw", "pwd", "pswd", "pass word", "passcode", "pass code", "passkey", "pass key", "pw$"}

// passwordsElsewhere are passwords in other languages.
var passwordsElsewhere = []string{
	"passwort", "kennwort", "geheimzahl", "contraseña", "contrasena", "senha", "mot de passe", "wachtwoord", "hasło", "haslo", "lösenord", "losenord",
	"adgangskode", "passord", "salasana", "heslo", "jelszó", "jelszo", "şifre", "sifre", "clave secreta", "parola d ordine", "parolă", "lozinka", "geslo", "lykilorð", "parool", "slaptažodis",
	"kata sandi", "kata laluan", "mật khẩu", "mat khau", "пароль", "парола", "лозинка", "κωδικός πρόσβασης", "συνθηματικό", "סיסמה", "סיסמא", "كلمة المرور", "كلمة السر", "رمز عبور", "पासवर्ड", "รหัสผ่าน",
	"密码", "密碼", "口令", "パスワード", "비밀번호",
}

// secretKeys are keys and what holds them.
var secretKeys = []string{
	"secret", "client secret", "app secret", "api secret", "shared secret", "webhook secret", "consumer secret", "session secret", "secret key", "api key", "access key",
	"subscription key", "function key", "functions key", "rapidapi key", "rapid api key", "personal access key", "preshared key", "pre shared key", "psk", "wpa psk",
	"connection string", "connection strings", "shared access signature", "client key data", "dockerconfigjson", "docker config json",
	"community string", "snmp community", "masterauth",
}

// proofs are what stands for a user who has signed in, or is about to.
var proofs = []string{
	"cookie", "set cookie", "client assertion", "code verifier", "oauth verifier", "pkce verifier", "saml response", "samlp response", "saml request", "saml assertion",
	"csrf middleware token", "dpop", "d po p", "wresult", "software statement", "kerberos ticket", "cas ticket",
	"x amzn oidc data", "x ms client principal", "forwarded client cert",
	"security answer", "security question answer", "challenge answer", "memorable word", "magic link",
}

// oneTimeCodes are short and mostly numbers.
var oneTimeCodes = []string{
	"otp", "totp", "hotp", "mtan", "puk$", "puk code", "pin code", "mfa code", "2fa code", "fa code", "two factor code", "sms code", "verification code", "verify code",
	"recovery code", "recovery codes", "backup code", "backup codes", "scratch code", "scratch codes", "emergency code", "emergency codes", "security code",
	"device code", "user code", "access code", "auth code", "authorization code", "authentication code", "login code", "one time code", "confirmation code",
	"activation code", "reset code", "unlock code", "pairing code", "authenticator code", "invite code", "invitation code",
}

// likelySecrets are names of secrets, and of other things that do not look like one.
var likelySecrets = []string{
	"salt", "pepper", "seed$", "hmac sha", "sig$", "gh pat$", "github pat$", "jwk", "private exponent", "private pem", "secret id", "challenge response", "assertion", "saml art", "x authentication$",
	"x key", "logged in key", "honeycomb team", "connect sid", "express sid", "koa sid", "sails sid", "nest sid", "cakephp", "symfony", "wordpress logged in", "wordpress sec",
	"aspxauth", "asp net core identity application", "remember web", "sapisid", "apisid", "hsid", "psid",
}

// cardData is what payment takes.
var cardData = []string{
	"card number", "card no", "cc number", "card pan", "cvv", "cvc", "cvn", "csc$", "card security code", "card verification value", "card pin", "pin block", "track data", "cardholder name", "card holder name",
	"account number", "account no", "bank account", "routing number", "iban",
}

// identities tell who somebody is, or how they are.
var identities = []string{
	"ssn", "social security", "social insurance number", "dob", "date of birth", "medical record", "medical records", "mrn",
	"patient name", "health record", "health records", "blood type", "hiv status", "sexual orientation", "ethnicity",
	"passport number", "passport no", "passport id", "national id", "national insurance number", "national identification number", "nino",
	"identity number", "identity card", "id card number", "driver license", "drivers license", "driver licence", "drivers licence", "driving license", "driving licence",
	"license number", "licence number", "tax id", "tax number", "tax identification number", "taxpayer id", "taxpayer identification number",
	"vat number", "vat id", "fiscal code", "codice fiscale", "steuer id", "steuernummer", "aadhaar", "aadhar", "pan number", "pan card", "nhs number",
	"medicare number", "medicare id", "medicaid number", "medicaid id", "health insurance number", "health card number", "insurance number", "insurance id", "policy number",
	"maiden name", "voter id", "cpf$", "cnpj$", "curp$", "dni$", "bsn$", "pesel$", "personnummer", "hkid$", "nric$", "itin$",
}

// sensitiveEndings make a name sensitive that has a word which ends in one of them:
// dbpassword. No English word does.
var sensitiveEndings = []string{"password", "passwd", "pswd", "passphrase", "apikey", "pwd", "bindpw", "rootpw", "userpw", "dbpw"}

// passEndings are words that end in pass, and not in a password.
var passEndings = []string{"bypass", "compass", "trespass", "surpass", "encompass", "underpass", "overpass", "lowpass", "highpass", "bandpass", "multipass", "singlepass", "sacred"}

// secretEndings end the last word of a name that is often one of a secret, and keyKinds are
// in front of the word key.
var (
	secretEndings = []string{"secret", "token", "creds", "cred", "signature", "pass"}
	keyKinds      = []string{
		"signing", "encryption", "decryption", "master", "license", "storage", "shared", "ssh", "deploy", "hmac", "webhook", "service", "account", "cipher", "aes", "rsa", "root",
		"app", "application", "auth", "integration", "session", "jwt", "fernet", "activation", "recovery", "consumer", "admin", "gpg", "pgp", "tls", "ssl", "security",
		"crypt", "crypto", "kms", "symmetric", "tsig", "sas", "nonce", "firebase", "fcm", "apns", "maps", "stripe", "sendgrid", "mailgun", "mailchimp", "postmark", "openai", "hubspot",
		"google", "azure", "aws", "gcp", "github", "gitlab", "slack", "shopify", "square", "paypal", "twitter", "facebook", "algolia", "mapbox", "datadog", "sentry", "rollbar", "bugsnag",
		"honeybadger", "airbrake", "segment", "mixpanel", "amplitude", "intercom", "zendesk", "cloudflare", "heroku", "nuget", "artifactory", "mashape", "appwrite", "relic", "newrelic", "twilio", "pagerduty",
		"okta", "anthropic", "huggingface", "groq", "mistral", "cohere", "pinecone", "telegram", "discord", "supabase", "vercel", "netlify", "snyk", "plaid",
	}
)

// exceptions are phrases in which a word means something else.
var exceptions = []string{
	"max token", "eos token", "bos token", "pad token", "unk token", "sep token", "cls token", "mask token", "stop token", "token bucket",
	"image pull secret", "image pull secrets", "secret santa", "cookie consent", "cookie banner", "otp app", "otp release",
	"first pass", "second pass", "single pass", "low pass", "high pass", "band pass", "boarding pass", "season pass", "test pass",
	"gpio pin", "tx pin", "rx pin", "led pin",
}

// metadata are last words of names that tell something about a secret: when, how many, of
// what kind, where. The secret is not under them.
var metadata = wordSet(`at on by time timestamp date expires expiry expiration expired exp created updated changed issued rotated age ttl lifetime timeout
	ms second minute hour day interval duration delay rotation
	count total length len size limit max min attempt retries budget usage used rate remaining request index position offset prob logprob
	id kid type kind name title version scope issuer policy policies rule complexity requirement
	algorithm alg format encoding method mode status state strength prefix label description specification spec message error exception reason
	supported required enabled disabled valid invalid verified requested present exists set exempt protection
	file filename path dir directory folder url uri endpoint host hostname port domain origin location env arn ref reference
	provider backend service server manager mgr store bucket cache mount engine handler class factory module validator hasher
	field column table param parameter samesite secure httponly`)

// fileTypes end names that are those of files of source, behind a full stop.
var fileTypes = wordSet(`py pyc pyi go js jsx ts tsx mjs cjs vue java kt scala groovy rb php c cc cpp cxx h hpp cs fs rs swift m sh ps1 pl lua ex exs erl clj sql
	html css rst md txt log json yaml yml toml ini cfg conf xml csv lock`)

// queryAnchors are for words that are names of secrets only in a query.
var queryAnchors = []string{"code=", "key="}

// everyday are words of phrases that texts have too often to look closer at each.
var everyday = wordSet("number name record records user access login security device reset account answer date history connection " +
	"application status request response result results express principal forwarded statement string function time num no")

func wordSet(words string) map[string]bool {
	set := map[string]bool{}
	for _, word := range strings.Fields(words) {
		set[word] = true
	}
	return set
}
