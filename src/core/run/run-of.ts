import { type Run, isEnded } from './run.ts'

/** The run that a pull request is about. */
export const runOf = (runs: readonly Run[], pullRequest: number): Run | undefined => {
  const about = runs.filter(({ request }) => request.pullRequest === pullRequest)
  return about.find(({ phase }) => !isEnded(phase)) ?? about[0]
}
