import type { Application } from './read-application.ts'

/** The one Application that renders a kustomization; undefined where none does, or several. */
export const onlyRendering = <Found extends Pick<Application, 'mismatch'>>(
  applications: readonly Found[],
): Found | undefined => {
  const [application, other] = applications.filter(({ mismatch }) => mismatch === null)
  return other ? undefined : application
}
