import { applicationPlace } from '../../core/application/application-place.ts'
import { type Context } from '../context.ts'
import { readBase } from '../read-base.ts'

/**
 * Makes Argo CD compare the Application with Git now. Newer versions pair the request with its time, so
 * that none is lost; older ones ignore that (util/argo/argo.go:240-280). `hard`: it renders again, without its cache.
 */
export const refresh = async (
  context: Context,
  application: string,
  level: 'normal' | 'hard' = 'normal',
): Promise<void> => {
  const { config } = await readBase(context)
  await context.ports.hub.annotate(
    {
      apiVersion: 'argoproj.io/v1alpha1',
      kind: 'Application',
      ...applicationPlace(application, config.argocd.namespace),
    },
    {
      'argocd.argoproj.io/refresh': level,
      'argocd.argoproj.io/refresh-timestamp': context.now().toISOString(),
    },
  )
}
