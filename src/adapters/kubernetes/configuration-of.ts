import {
  createConfiguration,
  ServerConfiguration,
  type Configuration,
  type KubeConfig,
  type RequestContext,
  type ResponseContext,
} from '@kubernetes/client-node'
import { askAgain } from './ask-again.ts'
import { connectAs } from './connect-as.ts'

/** The name under which the API server keeps what Sower wrote. */
export const fieldManager = 'sower'

/** One answer may take so long; without it a read is 'timeout' and the result of a write is unknown. */
const timeLimit = 15_000

/** How the client's APIs reach the current cluster of a kubeconfig as its current user. */
export const configurationOf = (config: KubeConfig): Configuration =>
  createConfiguration({
    baseServer: new ServerConfiguration(config.getCurrentCluster()?.server ?? '', {}),
    authMethods: { default: connectAs(config) },
    httpApi: askAgain(),
    promiseMiddleware: [
      {
        pre: async (context: RequestContext) => {
          context.setSignal(AbortSignal.timeout(timeLimit))
          return context
        },
        post: async (response: ResponseContext) => response,
      },
    ],
  })
