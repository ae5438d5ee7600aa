namespace DirectoryPlatform.Web.Api.Organizations;

/// <summary>Actions on many accounts, begun by a program: what a person would confirm stands in the request already.</summary>
static class ManyAtOnce
{
    /// <param name="prepare">Such as <see cref="PrepareBulk"/>.</param>
    public static async Task<Outcome<JobId>> Begin(ApiCall call, IRequest<Outcome<BulkDraftId>> prepare)
    {
        var draft = await call.Execute(prepare);
        if (!draft.Granted) return draft.Refusal;
        var review = await call.Send(new ReviewBulk(call.Organization, draft.Value, call.Admin));
        return await review.Then(r => call.Execute(new ConfirmBulk(call.Organization, draft.Value, null, null, r.Words.AsksNotify, true,
            null, call.Origin)
        { Unseen = true }));
    }
}
