/**
 * A two-legged token for CAMARA payments, by client credentials (RFC 6749 4.4).
 *
 * @param issuer - the carrier's
 */
export async function requestToken(
  issuer: string,
  { clientId, clientSecret }: { readonly clientId: string; readonly clientSecret: string },
): Promise<string> {
  const answer = await fetch(`${issuer}/openid/token`, {
    method: 'POST',
    headers: {
      Authorization: `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString('base64')}`,
      'Content-Type': 'application/x-www-form-urlencoded',
    },
    body: 'grant_type=client_credentials&scope=carrier-billing:payments:create',
  })
  const { access_token: token }: { readonly access_token?: string } = JSON.parse(
    await answer.text(),
  )
  if (token === undefined) throw new Error(`the carrier gave no token: ${answer.status}`)
  return token
}
