package contract

import (
	"crypto"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/mina-observability/otelcol-mina/test/program"
)

// ServiceAccount is one that signs for tokens (RFC 7523), as Google's do.
type ServiceAccount struct {
	// Variable is that of the address at which tokens are had.
	Variable string
	// Email is who signs, and Scope what for.
	Email, Scope string
}

// KeyFile is the private key of every service account.
func KeyFile() string {
	return filepath.Join(program.Root(), "test", "contract", "testdata", "service-account.pem")
}

// serveToken answers a signed request for a token.
func (a *ServiceAccount) serveToken(w http.ResponseWriter, r *http.Request) error {
	if err := a.verify(r); err != nil {
		w.WriteHeader(http.StatusBadRequest)
		_, _ = fmt.Fprintf(w, `{"error": "invalid_grant", "error_description": %q}`, err)
		return err
	}
	w.Header().Set("Content-Type", "application/json")
	_, _ = fmt.Fprintf(w, `{"access_token": %q, "token_type": "Bearer", "expires_in": 3599}`, Token)
	return nil
}

func (a *ServiceAccount) verify(r *http.Request) error {
	if grant := r.PostFormValue("grant_type"); grant != "urn:ietf:params:oauth:grant-type:jwt-bearer" {
		return fmt.Errorf("the grant type is %q", grant)
	}
	parts := strings.Split(r.PostFormValue("assertion"), ".")
	if len(parts) != 3 {
		return errors.New("the assertion is no JWT")
	}
	payload, err := base64.RawURLEncoding.DecodeString(parts[1])
	if err != nil {
		return err
	}
	signature, err := base64.RawURLEncoding.DecodeString(parts[2])
	if err != nil {
		return err
	}
	text, err := os.ReadFile(KeyFile())
	if err != nil {
		return err
	}
	block, _ := pem.Decode(text)
	key, err := x509.ParsePKCS1PrivateKey(block.Bytes)
	if err != nil {
		return err
	}
	hash := sha256.Sum256([]byte(parts[0] + "." + parts[1]))
	if err := rsa.VerifyPKCS1v15(&key.PublicKey, crypto.SHA256, hash[:], signature); err != nil {
		return err
	}
	var claims struct {
		Iss, Aud, Scope string
		Exp             int64
	}
	if err := json.Unmarshal(payload, &claims); err != nil {
		return err
	}
	left := time.Until(time.Unix(claims.Exp, 0))
	if claims.Iss != a.Email || claims.Scope != a.Scope || !strings.HasSuffix(claims.Aud, r.URL.Path) || left < 0 || left > time.Hour {
		return fmt.Errorf("the claims are %s", payload)
	}
	return nil
}
