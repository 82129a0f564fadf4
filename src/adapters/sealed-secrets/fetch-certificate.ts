import { InputError, UnavailableError } from '../../errors.ts'

const sizeLimit = 64 * 1024
const timeLimit = 15_000
const mostRedirects = 3
const loopback: readonly string[] = ['localhost', '127.0.0.1', '[::1]']

/**
 * Fetches a sealing certificate, PEM. Throws InputError ARGUMENT_INVALID for a URL that would let others
 * choose the key (plain HTTP, but to this machine) or that holds a password, and UnavailableError
 * CERTIFICATE_UNREACHABLE for no answer, a wrong one, one that is too large, or a redirect to another host.
 */
export const fetchCertificate = async (address: string): Promise<string> => {
  let url = readUrl(address)
  const signal = AbortSignal.timeout(timeLimit)
  for (let redirects = 0; redirects <= mostRedirects; redirects += 1) {
    const response = await answered(url, fetch(url, { redirect: 'manual', signal }))
    const location = response.headers.get('location')
    if (response.status >= 300 && response.status < 400 && location !== null) {
      const next = new URL(location, url)
      if (next.origin !== url.origin)
        throw unreachable(url, 'it redirects to another host, which is not followed')
      url = next
      continue
    }
    if (!response.ok) throw unreachable(url, `the answer is ${response.status}`)
    return answered(url, readLimited(url, response))
  }
  throw unreachable(url, 'it redirects again and again')
}

/** True if an argument names a certificate by URL. */
export const isUrl = (argument: string): boolean => /^[a-z][a-z0-9+.-]*:\/\//i.test(argument)

const readUrl = (address: string): URL => {
  const refuse = (reason: string): InputError =>
    new InputError('ARGUMENT_INVALID', `--cert: ${reason}`, {
      fix: 'name a file, or an https:// URL',
    })
  if (!URL.canParse(address)) throw refuse('that is not a URL')
  const url = new URL(address)
  if (url.username !== '' || url.password !== '') throw refuse('the URL holds a user or password')
  const isPlain = url.protocol === 'http:' && loopback.includes(url.hostname)
  if (url.protocol !== 'https:' && !isPlain)
    throw refuse('only https:// is safe: whoever swaps the certificate reads what is sealed')
  return url
}

const readLimited = async (url: URL, response: Response): Promise<string> => {
  const parts: Uint8Array[] = []
  let size = 0
  const body: AsyncIterable<Uint8Array> | null = response.body
  for await (const part of body ?? []) {
    size += part.length
    if (size > sizeLimit) throw unreachable(url, 'the answer is too large for a certificate')
    parts.push(part)
  }
  return Buffer.concat(parts).toString('utf8')
}

const answered = async <T>(url: URL, answer: Promise<T>): Promise<T> => {
  try {
    return await answer
  } catch (cause) {
    if (cause instanceof UnavailableError) throw cause
    const isLate = cause instanceof Error && cause.name === 'TimeoutError'
    throw unreachable(url, isLate ? 'no answer in time' : 'no answer', cause)
  }
}

const unreachable = (
  { origin, pathname }: URL,
  reason: string,
  cause?: unknown,
): UnavailableError =>
  new UnavailableError(
    'CERTIFICATE_UNREACHABLE',
    `fetching the sealing certificate from ${origin}${pathname}: ${reason}`,
    { fix: 'fetch it to a file: `kubeseal --fetch-cert > sealing.pem`', cause },
  )
