import { spawn } from 'node:child_process'
import { once } from 'node:events'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { dirname, join } from 'node:path'
import { constants, gunzipSync } from 'node:zlib'
import { canWrite, type Account } from '../account.ts'
import { announceMoves, movesBetween } from './moves-between.ts'
import type { Host } from '../host.ts'
import type { Turns } from '../turns.ts'

/** A request of git's that was served: whose it was, and its command, such as `fetch`, where it has one. */
type Served = Readonly<{ login: string | null; command: string }>

/** Serves one request of git's smart HTTP protocol; null when the address is not one of git's. */
export type GitOverHttp = (
  request: IncomingMessage,
  response: ServerResponse,
) => Promise<Served | null>

const accountOfBasic = (host: Host, header: string | undefined): Account | undefined => {
  const encoded = /^basic\s+(\S+)$/i.exec(header ?? '')?.[1]
  if (encoded === undefined) return undefined
  const pair = Buffer.from(encoded, 'base64').toString('utf8')
  const password = pair.slice(pair.indexOf(':') + 1)
  return host.identities.of(password)
}

const nobody: Served = { login: null, command: '' }

const refuse = (response: ServerResponse, status: number, text: string): Served => {
  if (status === 401) response.setHeader('www-authenticate', 'Basic realm="GitHub"')
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8' }).end(`${text}\n`)
  return nobody
}

const readHead = (text: string): Readonly<{ status: number; headers: [string, string][] }> => {
  const headers = text.split(/\r?\n/).map((line): [string, string] => {
    const colon = line.indexOf(':')
    return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()]
  })
  const status = headers.find(([name]) => name === 'status')?.[1] ?? '200'
  return { status: Number.parseInt(status, 10), headers: headers.filter(([n]) => n !== 'status') }
}

/** The command of protocol version 2 that a body begins with; a long body is packed. */
const commandIn = (body: Buffer, encoding: string): string => {
  const text =
    encoding === 'gzip' ? gunzipSync(body, { finishFlush: constants.Z_SYNC_FLUSH }) : body
  return /^[0-9a-f]{4}command=([a-z-]+)/.exec(text.toString('latin1', 0, 64))?.[1] ?? ''
}

/** Passes a request to `git http-backend` and its answer back, all but the end of the answer. */
const passThrough = async (
  request: IncomingMessage,
  response: ServerResponse,
  backend: Readonly<{ program: string; environment: Readonly<Record<string, string>> }>,
): Promise<string> => {
  let command = ''
  request.once('data', (part: Buffer) => {
    command = commandIn(part, backend.environment['HTTP_CONTENT_ENCODING'] ?? '')
  })
  const child = spawn(backend.program, [], {
    env: { ...backend.environment },
    shell: false,
    stdio: ['pipe', 'pipe', 'ignore'],
  })
  const closed = once(child, 'close')
  response.on('close', () => child.kill())
  // The backend may answer and end before it has read everything.
  child.stdin.on('error', () => undefined)
  request.pipe(child.stdin)
  let head: Buffer | null = Buffer.alloc(0)
  for await (const chunk of child.stdout) {
    let rest = Buffer.from(chunk)
    if (head !== null) {
      head = Buffer.concat([head, rest])
      const blank = /\r?\n\r?\n/.exec(head.toString('latin1'))
      if (!blank) continue
      const { status, headers } = readHead(head.toString('latin1', 0, blank.index))
      response.writeHead(status, Object.fromEntries(headers))
      rest = head.subarray(blank.index + blank[0].length)
      head = null
    }
    if (!response.write(rest) && !response.destroyed)
      await Promise.race([once(response, 'drain'), closed])
  }
  await closed
  if (head !== null && !response.headersSent) response.writeHead(500)
  return command
}

/** Starts serving the host's repository to real git clients through the real `git http-backend`. */
export const createGitOverHttp = async (host: Host, turns: Turns): Promise<GitOverHttp> => {
  const { repository, owner, name } = host
  const program = join((await repository.run(['--exec-path'])).trim(), 'git-http-backend')
  return async (request, response) => {
    const url = new URL(request.url ?? '/', host.url)
    const match =
      /^\/([^/]+)\/([^/]+?)(?:\.git)?\/(info\/refs|git-upload-pack|git-receive-pack)$/.exec(
        url.pathname,
      )
    if (!match) return null
    const account = accountOfBasic(host, request.headers.authorization)
    if (!account) return refuse(response, 401, 'Invalid username or token.')
    const isHere =
      `${match[1] ?? ''}/${match[2] ?? ''}`.toLowerCase() === `${owner}/${name}`.toLowerCase()
    if (!isHere || account.permission === 'none')
      return refuse(response, 404, 'Repository not found.')
    const action = match[3] ?? ''
    const service = action === 'info/refs' ? url.searchParams.get('service') : action
    if (service !== 'git-upload-pack' && service !== 'git-receive-pack')
      return refuse(response, 403, 'Please upgrade your git client.')
    if (service === 'git-receive-pack' && host.state.isArchived.now)
      return refuse(response, 403, 'This repository was archived so it is read-only.')
    const grant = account.grants === undefined ? 'write' : account.grants['contents']
    if (grant === undefined) return refuse(response, 403, 'Resource not accessible by integration')
    if (service === 'git-receive-pack' && (!canWrite(account) || grant !== 'write'))
      return refuse(response, 403, `Permission to ${owner}/${name}.git denied to ${account.login}.`)

    const header = (key: string): string => String(request.headers[key] ?? '')
    const { login } = account
    const serve = (): Promise<string> =>
      passThrough(request, response, {
        program,
        environment: {
          ...repository.environment,
          SANDBOX_PROTECTED: [...host.state.protected].join('\n'),
          GIT_PROJECT_ROOT: dirname(dirname(repository.directory)),
          GIT_HTTP_EXPORT_ALL: '1',
          PATH_INFO: `/${owner}/${name}.git/${action}`,
          QUERY_STRING: url.search.slice(1),
          REQUEST_METHOD: request.method ?? 'GET',
          REMOTE_USER: account.login,
          REMOTE_ADDR: '127.0.0.1',
          CONTENT_TYPE: header('content-type'),
          HTTP_CONTENT_ENCODING: header('content-encoding'),
          HTTP_GIT_PROTOCOL: header('git-protocol'),
          ...(request.headers['content-length'] === undefined
            ? {}
            : { CONTENT_LENGTH: header('content-length') }),
        },
      })
    let command = ''
    if (action === 'git-receive-pack')
      await turns(async () => {
        const before = await repository.heads()
        command = await serve()
        await announceMoves(host, movesBetween(before, await repository.heads()), account)
      })
    else command = await serve()
    // Only now does the client know that its push is over: its next look sees the consequences.
    response.end()
    return { login, command }
  }
}
