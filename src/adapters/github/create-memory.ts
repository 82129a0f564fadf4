/** An answer that is asked for with its entity tag from then on. */
export type Remembered = Readonly<{
  tag: string
  headers: Readonly<Record<string, unknown>>
  data: unknown
}>

/** Earlier answers, so that GitHub need only say that one still holds: that costs nothing of the hourly limit. */
export type Memory = Readonly<{
  get: (question: string) => Remembered | undefined
  keep: (question: string, answer: Readonly<Omit<Remembered, 'tag'>>) => void
}>

const mostKept = 100
/** A longer answer, in characters of JSON, is read whole each time: the bot's memory is bounded. */
const longest = 256 * 1024

/** Creates a memory that knows of nothing; what was not asked for longest is forgotten first. */
export const createMemory = (): Memory => {
  const kept = new Map<string, Remembered>()
  const put = (question: string, answer: Remembered): void => {
    kept.delete(question)
    kept.set(question, answer)
    const [oldest] = kept.keys()
    if (oldest !== undefined && kept.size > mostKept) kept.delete(oldest)
  }
  return {
    get: question => {
      const found = kept.get(question)
      if (found) put(question, found)
      return found
    },
    keep: (question, { headers, data }) => {
      const { etag } = headers
      const isShort = typeof etag === 'string' && etag.length < 200
      if (isShort && JSON.stringify(data).length <= longest)
        put(question, { tag: etag, headers, data })
      else kept.delete(question)
    },
  }
}
