import { once } from 'node:events'
import type { IncomingMessage } from 'node:http'
import { Agent, request, type RequestOptions } from 'node:https'
import { text } from 'node:stream/consumers'
import { KubeConfig } from '@kubernetes/client-node'
import { parse, stringify } from 'yaml'

/** A Kubernetes API that the contract tests ask: the sandbox's, or a real one. */
export type Peer = Readonly<{
  /** A kubeconfig with a client certificate; the user `admin` may do all. */
  kubeconfig: (user: string) => Promise<string>
  /** A token of a service account that is there. */
  tokenOf: (namespace: string, name: string) => Promise<string>
  /** Ends the API server hard and starts it again: what it holds stays, what it remembers of the past is lost. */
  restart: () => Promise<void>
  /** A watch of so many seconds says how far it came, shortly before it ends. */
  bookmarkAfter: number
}>

/** An answer of an API; `text` is the whole of it, JSON or not. */
export type Answer = Readonly<{
  code: number
  body: Readonly<Record<string, unknown>>
  text: string
}>

/** Asks an API as it is, without the client's ways. */
export type Ask = (
  path: string,
  question?: Readonly<{ method?: string; body?: unknown; type?: string }>,
) => Promise<Answer>

/** Asks as the user of a kubeconfig, on connections that are kept. */
export const askAs = (kubeconfig: string): Ask => {
  const config = new KubeConfig()
  config.loadFromString(kubeconfig)
  const options: RequestOptions = {}
  const begun = config.applyToHTTPSOptions(options).then(() => {
    const { ca, cert, key } = options
    return new Agent({ ca, cert, key, keepAlive: true })
  })
  const ask: Ask = async (path, question = {}) => {
    const { method = 'GET', body, type = 'application/json' } = question
    const content = body === undefined ? '' : JSON.stringify(body)
    const sent = request(`${config.getCurrentCluster()?.server}${path}`, {
      agent: await begun,
      method,
      headers: {
        ...(options.headers as Record<string, string> | undefined),
        'content-type': type,
        'content-length': Buffer.byteLength(content),
        accept: 'application/json',
        'user-agent': 'peer/1',
      },
    })
    sent.end(content)
    try {
      const [response] = (await once(sent, 'response')) as [IncomingMessage]
      const answer = await text(response)
      return { code: response.statusCode ?? 0, body: jsonOf(answer), text: answer }
    } catch (error) {
      // The server was started again, and the connection was one of before.
      if (sent.reusedSocket) return ask(path, question)
      throw error
    }
  }
  return ask
}

const jsonOf = (answer: string): Answer['body'] => {
  try {
    return JSON.parse(answer) as Answer['body']
  } catch {
    return {}
  }
}

/** The same kubeconfig with a token in place of the certificate. */
export const withToken = (kubeconfig: string, token: string): string => {
  const config = parse(kubeconfig) as { users: { user: object }[] }
  return stringify({ ...config, users: config.users.map(each => ({ ...each, user: { token } })) })
}
