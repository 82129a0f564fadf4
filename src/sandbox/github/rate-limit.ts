/** The hourly allowance of each account, counted as GitHub counts it. */
export type RateLimit = Readonly<{
  headers: (login: string) => Readonly<Record<string, string>>
  isExceeded: (login: string) => boolean
  /** Counts a request; an answer 304 to an authenticated request is free. */
  count: (login: string) => void
}>

const limit = 5000
const windowSeconds = 3600

/** Starts with a full allowance for everyone. */
export const createRateLimit = (): RateLimit => {
  const windows = new Map<string, { used: number; reset: number }>()
  const windowOf = (login: string): { used: number; reset: number } => {
    const now = Math.floor(Date.now() / 1000)
    const current = windows.get(login)
    if (current && current.reset > now) return current
    const fresh = { used: 0, reset: now + windowSeconds }
    windows.set(login, fresh)
    return fresh
  }
  return {
    headers: login => {
      const { used, reset } = windowOf(login)
      return {
        'x-ratelimit-limit': String(limit),
        'x-ratelimit-remaining': String(Math.max(0, limit - used)),
        'x-ratelimit-used': String(used),
        'x-ratelimit-reset': String(reset),
        'x-ratelimit-resource': 'core',
      }
    },
    isExceeded: login => windowOf(login).used >= limit,
    count: login => {
      windowOf(login).used += 1
    },
  }
}
