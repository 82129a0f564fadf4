import { createHash } from 'node:crypto'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { gzipSync } from 'node:zlib'
import { execa } from 'execa'
import type { Test } from 'tap'
import { stringify } from 'yaml'
import { findOnPath } from '../../../src/adapters/kustomize/find-on-path.ts'
import type { Authority } from '../../../src/sandbox/kubernetes/authority.ts'
import { directoryWith } from '../directory-with.ts'
import { whileWeLive } from '../while-we-live.ts'

const path = process.env['PATH'] ?? ''
const programs = ['docker-registry', 'skopeo', 'htpasswd'] as const
const missing = programs.filter(name => findOnPath(name, path) === undefined)
// Without tap's preloads and this shell's proxies.
const bare = { env: { PATH: path }, extendEnv: false } as const

/** What tap's `skip` takes: false, or the line that says which programs are not here. */
export const skipped =
  missing.length > 0 &&
  `not here: ${missing.join(', ')} (apt-get install docker-registry skopeo apache2-utils)`

export const digestOf = (content: string | Uint8Array): string =>
  `sha256:${createHash('sha256').update(content).digest('hex')}`

/** Writes an OCI layout with one tag: an image of one small layer with labels, or an index of that image. */
export const writeLayout = (
  directory: string,
  { labels, isIndex = false }: Readonly<{ labels: Record<string, string>; isIndex?: boolean }>,
): string => {
  mkdirSync(join(directory, 'blobs', 'sha256'), { recursive: true })
  const keep = (mediaType: string, content: string | Uint8Array) => {
    const digest = digestOf(content)
    writeFileSync(join(directory, 'blobs', digest.replace(':', '/')), content)
    return { mediaType, digest, size: Buffer.byteLength(content) }
  }
  const oci = (kind: string): string => `application/vnd.oci.image.${kind}`
  const tar = Buffer.alloc(1024)
  const platform = { architecture: 'amd64', os: 'linux' }
  const manifest = keep(
    oci('manifest.v1+json'),
    JSON.stringify({
      schemaVersion: 2,
      mediaType: oci('manifest.v1+json'),
      config: keep(
        oci('config.v1+json'),
        JSON.stringify({
          ...platform,
          config: { Labels: labels },
          rootfs: { type: 'layers', diff_ids: [digestOf(tar)] },
          history: [{ created_by: 'a test' }],
        }),
      ),
      layers: [keep(oci('layer.v1.tar+gzip'), gzipSync(tar))],
    }),
  )
  const index = (manifests: readonly object[]): string =>
    JSON.stringify({ schemaVersion: 2, mediaType: oci('index.v1+json'), manifests })
  const top = isIndex ? keep(oci('index.v1+json'), index([{ ...manifest, platform }])) : manifest
  writeFileSync(join(directory, 'oci-layout'), '{"imageLayoutVersion":"1.0.0"}')
  writeFileSync(
    join(directory, 'index.json'),
    index([{ ...top, annotations: { 'org.opencontainers.image.ref.name': 'it' } }]),
  )
  return top.digest
}

/** Starts Debian's registry on a free port of loopback; it ends with the test. */
export const startDebianRegistry = async (
  t: Test,
  {
    directory,
    authority,
    auth,
  }: Readonly<{
    /** Images are kept below it. */
    directory: string
    /** Issues its certificate; null for a registry without TLS. */
    authority: Authority | null
    auth: object
  }>,
): Promise<string> => {
  const issued = await authority?.issueServer({ hosts: ['127.0.0.1'] })
  const own = directoryWith(t, {
    ...(issued && { 'certificate.pem': issued.certificate, 'key.pem': issued.key }),
  })
  const tls = { certificate: join(own, 'certificate.pem'), key: join(own, 'key.pem') }
  const configuration = {
    version: 0.1,
    log: { accesslog: { disabled: true } },
    storage: { filesystem: { rootdirectory: directory } },
    compatibility: { schema1: { enabled: true } },
    http: { addr: '127.0.0.1:0', secret: 'a test', ...(issued ? { tls } : {}) },
    auth,
  }
  writeFileSync(join(own, 'configuration.yml'), stringify(configuration))
  const [file, ...rest] = whileWeLive('docker-registry', 'serve', join(own, 'configuration.yml'))
  const server = spawn(file, rest, {
    env: { PATH: path },
    detached: true,
    stdio: ['pipe', 'ignore', 'pipe'],
  })
  const ended = once(server, 'close')
  t.teardown(async () => {
    server.stdin.end()
    await ended
  })
  const lines: string[] = []
  const host = new Promise<string>((resolve, reject) => {
    createInterface(server.stderr).on('line', line => {
      lines.push(line)
      const [, listening] = /listening on (127\.0\.0\.1:\d+)/.exec(line) ?? []
      if (listening) resolve(listening)
    })
    server.once('close', () => {
      reject(new Error(`the registry ended: ${lines.join('\n')}`))
    })
  })
  return host
}

/** An htpasswd file's line, in the only form that the registry reads. */
export const htpasswd = async (username: string, password: string): Promise<string> =>
  (await execa('htpasswd', ['-niB', username], { ...bare, input: password })).stdout

/** Pushes a layout's tag with skopeo; the password is in a file only it reads. */
export const pushWithSkopeo = async (
  t: Test,
  {
    layout,
    image,
    authority,
    auth,
    identityToken,
    options = [],
  }: Readonly<{
    layout: string
    image: string
    authority: Authority
    auth: string
    identityToken?: string
    options?: readonly string[]
  }>,
): Promise<void> => {
  const own = directoryWith(t, {
    'ca.crt': authority.certificate,
    'auth.json': JSON.stringify({
      auths: {
        [image.split('/')[0] ?? '']: {
          auth: Buffer.from(auth).toString('base64'),
          identitytoken: identityToken,
        },
      },
    }),
  })
  await execa(
    'skopeo',
    [
      '--insecure-policy',
      'copy',
      ...options,
      `--dest-authfile=${join(own, 'auth.json')}`,
      `--dest-cert-dir=${own}`,
      `oci:${layout}:it`,
      `docker://${image}`,
    ],
    { ...bare, timeout: 60_000 },
  )
}

/**
 * The uploads that were begun in a repository and neither ended nor cancelled. Of a cancelled one the
 * registry leaves the state of a hash, without the files that make it an upload.
 */
export const openUploads = (directory: string, repository: string): readonly string[] => {
  const uploads = join(directory, 'docker/registry/v2/repositories', repository, '_uploads')
  return readdirSync(uploads).filter(
    id => existsSync(join(uploads, id, 'startedat')) || existsSync(join(uploads, id, 'data')),
  )
}
