/** The limit of `entitlements`: one Express 5 route with the same method and JSON body, and nothing else. */
import express from 'express';

const app = express();
app.post('/v1/entitlements/check', express.json(), (_request, response) => {
  response.json({
    allowed: false,
    reason: 'no_subscription',
    plan: null,
    status: null,
    feature: null,
    accessUntil: null,
    asOf: new Date().toISOString(),
  });
});
const server = app.listen(0, '127.0.0.1', () => {
  const address = server.address();
  process.send?.({ port: typeof address === 'object' ? address?.port : null });
});
process.once('disconnect', () => process.exit(0));
