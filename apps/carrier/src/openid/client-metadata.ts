import type { ClientMetadata } from 'oidc-provider'
import type { Client } from '../clients/model.ts'
import { SIGNING_ALGORITHM } from './keys.ts'

export const JWT_BEARER = 'urn:ietf:params:oauth:grant-type:jwt-bearer'
export const CIBA = 'urn:openid:params:grant-type:ciba'

/**
 * A client as the provider wants it. `client_secret` is the hash: the provider compares through `isSecretOf`.
 * A client without a redirect URI has no authorization code flow.
 */
export function clientMetadata(client: Client): ClientMetadata {
  const browser = client.redirectUris.length > 0
  return {
    client_id: client.id,
    client_name: client.name,
    client_secret: client.secretHash,
    redirect_uris: [...client.redirectUris],
    response_types: browser ? ['code'] : [],
    grant_types: [
      ...(browser ? ['authorization_code'] : []),
      ...['refresh_token', 'client_credentials', CIBA],
      ...(client.jwks === null ? [] : [JWT_BEARER]),
    ],
    token_endpoint_auth_method: 'client_secret_basic',
    backchannel_token_delivery_mode: 'poll',
    id_token_signed_response_alg: SIGNING_ALGORITHM,
  }
}
