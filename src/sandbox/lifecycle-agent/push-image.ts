import { createHash } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
import { request } from 'node:https'
import { buffer } from 'node:stream/consumers'
import { z } from 'zod'

/** One manifest or blob to push. */
export type Content = Readonly<{ mediaType: string; bytes: Buffer }>

type Answer = Readonly<{ status: number; headers: IncomingHttpHeaders; body: Buffer }>

/** The digest by which a registry knows some bytes. */
export const digestOf = (bytes: Buffer): string =>
  `sha256:${createHash('sha256').update(bytes).digest('hex')}`

const tokenSchema = z.looseObject({
  token: z.string().optional(),
  access_token: z.string().optional(),
})

/** Pushes blobs and then the manifest under its tag, over HTTPS, as `podman push` does. Throws podman's kind of error. */
export const pushImage = async (
  image: Readonly<{
    registry: string
    repository: string
    tag: string
    blobs: readonly Content[]
    manifest: Content
  }>,
  { credential, authority }: Readonly<{ credential: string | undefined; authority: string }>,
): Promise<void> => {
  const basic =
    credential === undefined ? undefined : `Basic ${Buffer.from(credential).toString('base64')}`
  let authorization: string | undefined

  const call = (
    url: URL,
    {
      method,
      content,
      header,
    }: Readonly<{ method: string; content?: Content; header?: string | undefined }>,
  ): Promise<Answer> =>
    new Promise((resolve, reject) => {
      const bytes = content?.bytes ?? Buffer.alloc(0)
      const outgoing = request(
        url,
        {
          method,
          ca: authority,
          agent: false,
          timeout: 30_000,
          // The sandbox leaves this machine alone and never leaves it: every registry is here.
          lookup: (_host, options, callback) => {
            if (options.all) callback(null, [{ address: '127.0.0.1', family: 4 }])
            else callback(null, '127.0.0.1', 4)
          },
          headers: {
            'content-length': bytes.length,
            ...(content ? { 'content-type': content.mediaType } : {}),
            ...(header === undefined ? {} : { authorization: header }),
          },
        },
        response => {
          buffer(response).then(body => {
            resolve({ status: response.statusCode ?? 0, headers: response.headers, body })
          }, reject)
        },
      )
      outgoing.on('timeout', () => outgoing.destroy(new Error('i/o timeout')))
      outgoing.on('error', reject)
      outgoing.end(bytes)
    })

  const base = new URL(`https://${image.registry}/v2/`)
  const expect = (answer: Answer, wanted: number, activity: string): Answer => {
    if (answer.status === wanted) return answer
    if (answer.status === 401)
      throw new Error('unable to retrieve auth token: invalid username/password: unauthorized')
    if (answer.status === 403)
      throw new Error(`${activity}: denied: requested access to the resource is denied`)
    throw new Error(`${activity}: received unexpected HTTP status ${answer.status}`)
  }
  const logIn = async (): Promise<void> => {
    const answer = await call(base, { method: 'GET' })
    if (answer.status !== 401) return
    const challenge = answer.headers['www-authenticate'] ?? ''
    if (!/^bearer /i.test(challenge)) {
      authorization = basic
      return
    }
    const parameter = (name: string): string =>
      new RegExp(`${name}="([^"]*)"`).exec(challenge)?.[1] ?? ''
    const realm = new URL(parameter('realm'))
    if (realm.protocol !== 'https:') throw new Error('the token service is not on HTTPS')
    realm.searchParams.set('service', parameter('service'))
    realm.searchParams.set('scope', `repository:${image.repository}:pull,push`)
    const issued = expect(await call(realm, { method: 'GET', header: basic }), 200, 'token')
    const body: unknown = JSON.parse(issued.body.toString())
    const { token, access_token: accessToken } = tokenSchema.parse(body)
    authorization = `Bearer ${token ?? accessToken ?? ''}`
  }

  await logIn()
  for (const content of image.blobs) {
    const started = expect(
      await call(new URL(`${image.repository}/blobs/uploads/`, base), {
        method: 'POST',
        header: authorization,
      }),
      202,
      `initiating layer upload to ${image.repository}`,
    )
    const location = new URL(started.headers.location ?? '', base)
    if (location.host !== base.host) throw new Error('the upload location is on another host')
    location.searchParams.set('digest', digestOf(content.bytes))
    const blob = { mediaType: 'application/octet-stream', bytes: content.bytes }
    const done = await call(location, { method: 'PUT', content: blob, header: authorization })
    expect(done, 201, 'writing blob')
  }
  const put = await call(new URL(`${image.repository}/manifests/${image.tag}`, base), {
    method: 'PUT',
    content: image.manifest,
    header: authorization,
  })
  expect(put, 201, 'writing manifest')
}
