/** The limit of `pricing`: one Express 5 route that answers the same bytes, and nothing else. */
import express from 'express';

let body = '';
const app = express();
app.get('/v1/pricing', (_request, response) => {
  response.type('application/json').send(body);
});
process.on('message', (message) => {
  body = String(message);
});
const server = app.listen(0, '127.0.0.1', () => {
  const address = server.address();
  process.send?.({ port: typeof address === 'object' ? address?.port : null });
});
process.once('disconnect', () => process.exit(0));
