import type {
  Response as ResponseObject,
  ResponseStreamEvent,
} from 'openai/resources/responses/responses';

/** A response as the API sends it: `output_text` is a property that SDKs add. */
export type ResponsesReply = Omit<ResponseObject, 'output_text' | 'access_programs'>;

type WithoutNumber<Event> = Event extends { response: unknown }
  ? Omit<Event, 'sequence_number' | 'response'> & { response: ResponsesReply }
  : Omit<Event, 'sequence_number'>;

/** An event of a stream without its sequence number. */
export type EventBody = WithoutNumber<ResponseStreamEvent>;
