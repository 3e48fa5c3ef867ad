import type { Api, Operation } from '@jeon/camara'
import { Hono } from 'hono'
import type { z } from 'zod'
import { type CallParts, type Handler, operationHandler } from './call.ts'

/** Adds an operation of an API to its routes. */
export type AddOperation = <Schema extends z.ZodType>(
  operation: Operation,
  schema: Schema,
  handle: Handler<z.output<Schema>>,
) => void

/** The routes of one API below its base path. */
export function apiRoutes(parts: CallParts, api: Api, add: (on: AddOperation) => void): Hono {
  const routes = new Hono()
  add((operation, schema, handle) => {
    const path = operation.path.replaceAll(/\{(\w+)\}/g, ':$1')
    routes.on(operation.method, path, operationHandler(parts, { api, operation, schema }, handle))
  })
  return routes
}
