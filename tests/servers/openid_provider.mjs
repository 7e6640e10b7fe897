// A certified OpenID provider on loopback, with its own plain sign-in page: whatever name is typed is who one is.
// node openid_provider.mjs PORT CLIENT SECRET CALLBACK
import Provider from "oidc-provider";

const [port, client_id, client_secret, callback] = process.argv.slice(2);
const provider = new Provider(`http://127.0.0.1:${port}`, {
  clients: [{ client_id, client_secret, redirect_uris: [callback], grant_types: ["authorization_code"] }],
  claims: { openid: ["sub"], profile: ["preferred_username"] },
  conformIdTokenClaims: false,
  pkce: { required: () => true },
  findAccount: (_ctx, id) => ({ accountId: id, claims: () => ({ sub: id, preferred_username: id }) }),
});
provider.listen(Number(port), "127.0.0.1", () => console.log("ready"));
