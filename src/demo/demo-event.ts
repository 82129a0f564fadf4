/** One thing that happened in a demo; with `--json` each is a line. Times are ISO 8601. */
export type DemoEvent = Readonly<{ at: string }> &
  (
    | Readonly<{
        event: 'start'
        scenario: string
        cluster: string
        directory: string
        speed: number
      }>
    /** Someone did something: the person, or a part of the simulated world. */
    | Readonly<{
        event: 'act'
        actor: string
        message: string
        details?: Readonly<Record<string, unknown>>
      }>
    /** A commit reached a branch; `diff` is `git diff` against its first parent. */
    | Readonly<{
        event: 'commit'
        branch: string
        sha: string
        parents: readonly string[]
        author: string
        subject: string
        diff: string
      }>
    | Readonly<{ event: 'phase'; from: string; to: string }>
    | Readonly<{ event: 'effect'; effect: Readonly<Record<string, unknown>> }>
    | Readonly<{ event: 'problem'; code: string; reason: string }>
    /** Sower's comment as it stands. */
    | Readonly<{ event: 'comment'; body: string }>
    /** The end of a rehearsal: why the run waits for a person, what Argo CD did not do, and what was made up. */
    | Readonly<{
        event: 'rehearsed'
        blocked: Readonly<{ code: string; reason: string; fix: string }> | null
        troubles: readonly string[]
        notes: readonly string[]
        repository: string
      }>
    | Readonly<{ event: 'end'; outcome: string; digest: string | null; seconds: number }>
  )

type Untimed<T> = T extends unknown ? Omit<T, 'at'> : never

/** Takes an event without its time. */
export type Emit = (event: Untimed<DemoEvent>) => void
